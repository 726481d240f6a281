//! Work on a thread of its own, so that a panic of a format's library is a damaged file and not the end of the program.
//!
//! The libraries report most damage as errors, but not all of it. Where panics unwind, the thread ends and its reader learns so. A program
//! whose panics abort calls [`report_panic`] from its panic hook: that tells the reader and keeps the thread for good, before the abort.

use std::cell::RefCell;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// Deep schemas are read by recursion. What is not used of it costs no memory.
const STACK_BYTES: usize = 64 << 20;

/// What the work gives, one by one; at most one value waits to be taken.
pub(super) struct Apart<T> {
    steps: Receiver<Step<T>>,
}

/// Why there are no more values.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stopped {
    /// What the work says is wrong.
    Failed(String),
    /// It panicked.
    Panicked(String),
}

type Step<T> = Result<Option<T>, Stopped>;

/// Hands a value over; an error where nobody waits for it any more.
pub(super) type Give<'g, T> = &'g dyn Fn(T) -> Result<(), String>;

type Alarm = Box<dyn FnOnce(String)>;

thread_local! {
    /// How this thread's reader is told of a panic.
    static ALARM: RefCell<Option<Alarm>> = const { RefCell::new(None) };
}

impl<T: Send + 'static> Apart<T> {
    /// Starts `work`, which gives values and ends, or says why it cannot go on.
    pub(super) fn start(
        work: impl FnOnce(Give<'_, T>) -> Result<(), String> + Send + 'static,
    ) -> io::Result<Apart<T>> {
        let (sender, steps) = sync_channel(0);
        thread::Builder::new()
            .name("decoder".into())
            .stack_size(STACK_BYTES)
            .spawn(move || run(work, &sender))?;
        Ok(Apart { steps })
    }

    /// The next value; `None` at the end, which is to be asked for once.
    pub(super) fn next(&self) -> Result<Option<T>, Stopped> {
        let panicked = |_| Err(Stopped::Panicked("it makes the decoder panic".into()));
        self.steps.recv().unwrap_or_else(panicked)
    }
}

fn run<T: Send + 'static>(
    work: impl FnOnce(Give<'_, T>) -> Result<(), String>,
    sender: &SyncSender<Step<T>>,
) {
    let alarm = sender.clone();
    ALARM.set(Some(Box::new(move |said| {
        // Whoever has gone has no need to know.
        let _ = alarm.send(Err(Stopped::Panicked(said)));
    })));
    let outcome = work(&|value| {
        let gone = |_| "nobody waits for it".to_string();
        sender.send(Ok(Some(value))).map_err(gone)
    });
    // The alarm must not outlive the work: a reader waits until the last sender is gone.
    ALARM.set(None);
    let _ = sender.send(outcome.map(|()| None).map_err(Stopped::Failed));
}

/// For a program's panic hook, called with what the panic says. On a thread that decodes a Parquet or Arrow file, the file's reader gets an
/// error and this never returns; on any other thread it does nothing. The hook, once it waits here, can no longer be changed.
pub fn report_panic(said: &str) {
    let alarm = ALARM.try_with(|alarm| alarm.try_borrow_mut().ok()?.take());
    if let Ok(Some(alarm)) = alarm {
        alarm(format!("it makes the decoder panic: {said}"));
        loop {
            thread::park();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_in_order_and_then_the_end() {
        let apart = Apart::start(|give| (0..3).try_for_each(give)).expect("a thread");
        for n in 0..3 {
            assert_eq!(apart.next(), Ok(Some(n)));
        }
        assert_eq!(apart.next(), Ok(None));
    }

    #[test]
    fn what_goes_wrong_is_said() {
        let apart: Apart<u8> = Apart::start(|_| Err("cut short".into())).expect("a thread");
        assert_eq!(apart.next(), Err(Stopped::Failed("cut short".into())));
        let apart = Apart::start(|give| {
            give(1)?;
            panic!("out of range");
        })
        .expect("a thread");
        assert_eq!(apart.next(), Ok(Some(1)));
        assert!(matches!(apart.next(), Err(Stopped::Panicked(_))));
    }

    /// As a panic hook does, but without its lock, which a thread that is kept would hold.
    #[test]
    fn a_reported_panic_reaches_the_reader_and_keeps_the_thread() {
        let apart: Apart<u8> = Apart::start(|_| {
            report_panic("no page");
            Ok(())
        })
        .expect("a thread");
        let said = "it makes the decoder panic: no page".to_string();
        assert_eq!(apart.next(), Err(Stopped::Panicked(said)));
    }

    #[test]
    fn other_threads_report_to_nobody() {
        report_panic("not a decoder's");
    }

    #[test]
    fn work_ends_when_nobody_waits_for_it() {
        let (ended, told) = sync_channel(1);
        let apart = Apart::start(move |give| {
            let outcome = (0..).try_for_each(give);
            ended.send(()).expect("the test waits");
            outcome
        });
        drop(apart);
        told.recv().expect("it ended");
    }
}
