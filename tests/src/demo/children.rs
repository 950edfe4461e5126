//! The processes this program started, so that each is ended, by its id, whatever happens.

use anyhow::Context as _;
use std::process::{Child, Command};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One started process.
#[derive(Clone, Debug)]
pub struct Process(Arc<Mutex<Child>>);

/// All started processes. Clones share the list; the last owner's `stop_all` ends them.
#[derive(Clone, Debug, Default)]
pub struct Children(Arc<Mutex<Vec<Process>>>);

impl Children {
    /// Starts a process and remembers it.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(&self, command: &mut Command) -> anyhow::Result<Process> {
        let child = command.spawn().with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let process = Process(Arc::new(Mutex::new(child)));
        lock(&self.0).push(process.clone());
        Ok(process)
    }

    /// Ends every process that still runs, youngest first.
    pub fn stop_all(&self) {
        for process in lock(&self.0).drain(..).rev() {
            process.kill();
        }
    }

    /// From now on an interrupt (Ctrl-C) or a termination ends the children first and then this process, code 130.
    ///
    /// # Errors
    /// The signals cannot be listened to.
    pub fn stop_on_signals(&self) -> anyhow::Result<()> {
        let children = self.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut terminated = {
            let _guard = runtime.enter();
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?
        };
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = tokio::signal::ctrl_c() => {}
                    _ = terminated.recv() => {}
                }
            });
            children.stop_all();
            std::process::exit(130);
        })?;
        Ok(())
    }
}

impl Process {
    /// SIGKILL, and waits until it is gone. A process that ended already is no failure.
    pub fn kill(&self) {
        let mut child = lock(&self.0);
        if let Ok(None) = child.try_wait() {
            // It may end between the two calls; then there is nothing to kill.
            let _ = child.kill();
        }
        let _ = child.wait();
    }

    /// How it ended, if it did.
    pub fn ended(&self) -> Option<std::process::ExitStatus> {
        lock(&self.0).try_wait().ok().flatten()
    }

    /// Takes its stdin, once.
    pub fn stdin(&self) -> Option<std::process::ChildStdin> {
        lock(&self.0).stdin.take()
    }

    /// Takes its stdout, once.
    pub fn stdout(&self) -> Option<std::process::ChildStdout> {
        lock(&self.0).stdout.take()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
