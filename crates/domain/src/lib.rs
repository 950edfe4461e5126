//! Words and rules of the field: ids, services, forms, answers, eligibility, case life cycle, deadlines.
//! Invariants: no I/O, no clock, no randomness: the day and all ids come in as arguments; nothing panics on any input.
//! Not here: reading services from files (`services-catalog`), what crosses the network (`wire`).

pub mod answers;
pub mod calendar;
pub mod case;
pub mod condition;
pub mod eligibility;
pub mod facts;
pub mod form;
pub mod hours;
pub mod ids;
pub mod mask;
pub mod rules;
pub mod sensitive;
pub mod service;
pub mod supplement;
pub mod volume;
