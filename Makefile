# Thin: the work is in scripts/ and cargo. `make` alone prints this list.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench-return schema-check sqlcipher-check fuzz catalogue-check faults faults-clocks faults-relay faults-syscalls faults-network simulate wire-trace history-check rights-check counter-check gallery clean-demo bench-intake

KILLS ?= 1000
STEPS ?= 100000
HISTORIES ?= 10000
KIOSKS ?= 500
CASES ?= 10000
SECONDS ?= 10

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

setup: ## install what building and testing need (Debian 12); quick when all is there
	@scripts/setup

demo: ## a demonstration bureau: office, kiosk and window (ARGS=--landscape turns it); YIMEN_HEADLESS=1 lets the robot walk
	@scripts/demo $(ARGS)

test: ## everything that must be green before a change lands
	@scripts/test

check: ## formatting, lints, licences and bans
	@scripts/check

catalogue-check: ## check services-catalog/ and run its examples
	@scripts/catalogue-check

faults: ## kill kiosk and office KILLS times (default 1000) at random moments and count what is lost
	@scripts/faults kills --kills $(KILLS)

faults-clocks: ## the same with wall clocks that are up to ten years wrong
	@scripts/faults kills --kills $(KILLS) --clocks

faults-relay: ## kill kiosk, edge and core KILLS times (default 1000) at random moments; SEED repeats a run
	@scripts/faults relay --kills $(KILLS) $(if $(SEED),--seed $(SEED))

faults-syscalls: ## break every call that writes, one by one: killed, disk full, disk failing (half an hour)
	@scripts/faults syscalls

faults-network: ## cut the line at every byte of a submission, delay, trickle, storm (a quarter of an hour)
	@scripts/faults network

simulate: ## STEPS random steps (default 100000) of kiosks, network, power and clocks in memory; SEED repeats a world
	@scripts/faults simulate --steps $(STEPS) $(if $(SEED),--seed $(SEED))

wire-trace: ## what can be read of a person on the wires and at an edge; the trace for people is wire-trace.txt
	@scripts/wire-trace

history-check: ## HISTORIES random histories (default 10000) of claims and decisions against a model
	@scripts/history-check $(HISTORIES)

bench-return: ## KIOSKS kiosks (default 500) come back at once after a day without the office
	@scripts/bench-return --kiosks $(KIOSKS)

schema-check: ## CASES requests (default 10000) made from the OpenAPI document of the kiosks' door to a real office
	@scripts/schema-check $(CASES)

fuzz: ## every decoder of foreign bytes, SECONDS each (default 10), with libFuzzer on stable Rust
	@scripts/fuzz $(SECONDS)

sqlcipher-check: ## the kiosk's store as an encrypted database (feature `sqlcipher`)
	@scripts/sqlcipher-check

rights-check: ## every route of the officers' door with every role
	@scripts/rights-check

counter-check: ## an officers' day in the browser, keyboard only, over errands of every service
	@scripts/counter-check

bench-intake: ## submissions a second, beside SQLite and PostgreSQL on the same disk (ARGS="--rounds 7")
	@scripts/bench-intake $(ARGS)

gallery: ## pictures of every screen
	@scripts/gallery

clean-demo: ## remove the demonstration bureau and its output
	rm -rf demo-data demo-out
