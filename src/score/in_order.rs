//! Work that all threads share, its results in the order of the input.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::channel;
use std::thread;

use crate::error::Result;

/// Items in hand for each thread, and for one more.
const ITEMS: usize = 32;

/// Bytes in hand for each thread, and for one more, at which no further item is taken.
const BYTES: usize = 1 << 18;

/// Takes items and their sizes in bytes from `next`, does `work` on each, on any thread, and hands what comes of them to `done`, in the order of
/// the items. So many are in hand that no thread waits for another, and no more, however many there are. `shared` is what `next` and
/// `done` both change. The first error of `done` ends it.
pub(super) fn in_order<S: Send + ?Sized, I: Send, O: Send>(
    shared: &mut S,
    mut next: impl FnMut(&mut S) -> Option<(I, usize)> + Send,
    work: impl Fn(I) -> O + Sync,
    mut done: impl FnMut(&mut S, O) -> Result<()> + Send,
) -> Result<()> {
    let work = &work;
    rayon::scope_fifo(|scope| {
        let shares = rayon::current_num_threads() + 1;
        let (send, receive) = channel();
        // The size of each item in hand and what came of it, once that is there; the first is that numbered `n_done`.
        let mut in_hand: VecDeque<(usize, Option<thread::Result<O>>)> = VecDeque::new();
        let (mut n_done, mut bytes, mut at_end) = (0, 0, false);
        loop {
            while !at_end && in_hand.len() < ITEMS * shares && bytes < BYTES * shares {
                let Some((item, size)) = next(shared) else {
                    at_end = true;
                    break;
                };
                let (number, send) = (n_done + in_hand.len(), send.clone());
                in_hand.push_back((size, None));
                bytes += size;
                scope.spawn_fifo(move |_| {
                    let made = catch_unwind(AssertUnwindSafe(|| work(item)));
                    // After an error nobody listens.
                    let _ = send.send((number, made));
                });
            }
            for (number, made) in receive.try_iter() {
                in_hand[number - n_done].1 = Some(made);
            }
            let before = n_done;
            while in_hand.front().is_some_and(|(_, made)| made.is_some())
                && let Some((size, Some(made))) = in_hand.pop_front()
            {
                (n_done, bytes) = (n_done + 1, bytes - size);
                done(shared, made.unwrap_or_else(|panic| resume_unwind(panic)))?;
            }
            if at_end && in_hand.is_empty() {
                return Ok(());
            }
            // This thread works too, and waits only where all that is left is in the hands of others.
            if n_done == before && rayon::yield_now() != Some(rayon::Yield::Executed) {
                let (number, made): (usize, _) = receive.recv().expect("this thread can send");
                in_hand[number - n_done].1 = Some(made);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::error::Error;

    fn pools() -> [rayon::ThreadPool; 3] {
        [1, 2, 5].map(|n| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n);
            pool.build().expect("threads")
        })
    }

    /// Items 0 to n, those divisible by seven slow.
    fn squares(
        n: usize,
        size: usize,
        done: impl FnMut(&mut usize, usize) -> Result<()> + Send,
    ) -> Result<()> {
        let mut next_item = 0;
        let next = |next: &mut usize| {
            *next += 1;
            (*next <= n).then_some((*next - 1, size))
        };
        let work = |item: usize| {
            if item.is_multiple_of(7) {
                thread::sleep(Duration::from_micros(200));
            }
            item * item
        };
        in_order(&mut next_item, next, work, done)
    }

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for pool in pools() {
            for (n, size) in [(0, 0), (1, 0), (1000, 10), (300, BYTES)] {
                let mut seen = Vec::new();
                let run = || {
                    squares(n, size, |_, made| {
                        seen.push(made);
                        Ok(())
                    })
                };
                pool.install(run).expect("no error");
                assert_eq!(seen, (0..n).map(|item| item * item).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn few_items_are_in_hand() {
        for pool in pools() {
            let shares = pool.current_num_threads() + 1;
            for (size, most) in [
                (0, ITEMS * shares),
                (BYTES, shares),
                (4 * BYTES, shares.div_ceil(4)),
            ] {
                let farthest = AtomicUsize::new(0);
                let mut n_done = 0;
                let run = || {
                    squares(500, size, |taken, _| {
                        farthest.fetch_max((*taken).min(500) - n_done, Ordering::Relaxed);
                        n_done += 1;
                        Ok(())
                    })
                };
                pool.install(run).expect("no error");
                assert!((1..=most).contains(&farthest.into_inner()), "{size}");
            }
        }
    }

    #[test]
    fn the_first_error_ends_it() {
        for pool in pools() {
            let mut n_done = 0;
            let run = || {
                squares(10_000, 1, |_, made| {
                    n_done += 1;
                    match made {
                        400 => Err(Error::Parameter("twenty".into())),
                        _ => Ok(()),
                    }
                })
            };
            assert!(pool.install(run).is_err());
            assert_eq!(n_done, 21);
        }
    }

    #[test]
    fn a_panic_is_passed_on() {
        for pool in pools() {
            let run = || {
                let next = |n: &mut usize| {
                    *n += 1;
                    (*n < 1000).then_some((*n, 1))
                };
                in_order(&mut 0, next, |n| assert!(n != 500), |_, ()| Ok(()))
            };
            let caught = catch_unwind(AssertUnwindSafe(|| pool.install(run)));
            assert!(caught.is_err());
        }
    }
}
