//! Who is connected: so many of one address, and so many in all that say nothing (R76).
use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

/// How many connections each address has open.
#[derive(Default)]
pub(crate) struct Crowd(Mutex<HashMap<IpAddr, usize>>);

/// A place for one connection, until it is dropped.
pub(crate) struct Place {
    crowd: Arc<Crowd>,
    key: IpAddr,
}

impl Crowd {
    /// A place for one more connection, held until it is dropped; `None` where the address has too many.
    pub(crate) fn enter(crowd: &Arc<Self>, peer: IpAddr, most: usize) -> Option<Place> {
        let key = network_of(peer);
        let mut open = crowd.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(key).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place {
            crowd: Arc::clone(crowd),
            key,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.crowd.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.key);
            }
        }
    }
}

/// One household: an IPv4 address, or an IPv6 /64.
fn network_of(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// Connections that wait for a request, in the order in which they began to. When there are too many, the one that has
/// waited longest must go: so ten thousand silent ones keep nobody out.
pub(crate) struct Queue {
    most: usize,
    line: Mutex<Line>,
}

#[derive(Default)]
struct Line {
    next: u64,
    waiting: BTreeMap<u64, CancellationToken>,
}

impl Queue {
    /// A queue for so many.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            line: Mutex::default(),
        }
    }

    fn join(&self, end: &CancellationToken) -> u64 {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        let number = line.next;
        line.next += 1;
        line.waiting.insert(number, end.clone());
        let first = if line.waiting.len() > self.most {
            line.waiting.pop_first()
        } else {
            None
        };
        drop(line);
        if let Some((_, end)) = first {
            end.cancel();
        }
        number
    }

    fn leave(&self, number: u64) {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        line.waiting.remove(&number);
    }
}

/// One connection's part in the queue. It waits from its start; while it is [`Turn::busy`] it does not. An answer that is
/// still streaming counts as waiting again: being told to go, its connection only ends after it.
pub(crate) struct Turn {
    queue: Arc<Queue>,
    /// Cancelled when the connection must go.
    pub end: CancellationToken,
    asked: AtomicBool,
    state: Mutex<State>,
}

struct State {
    /// Requests that are being answered: several in HTTP/2.
    requests: usize,
    number: Option<u64>,
}

/// A request that is being answered, until it is dropped.
pub(crate) struct Busy(Arc<Turn>);

impl Turn {
    /// Joins the queue.
    pub(crate) fn new(queue: &Arc<Queue>, end: CancellationToken) -> Arc<Self> {
        let number = Some(queue.join(&end));
        Arc::new(Self {
            queue: Arc::clone(queue),
            end,
            asked: AtomicBool::new(false),
            state: Mutex::new(State {
                requests: 0,
                number,
            }),
        })
    }

    /// Leaves the queue while a request is answered.
    pub(crate) fn busy(turn: &Arc<Self>) -> Busy {
        turn.asked.store(true, Ordering::Relaxed);
        let mut state = turn.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.requests += 1;
        if let Some(number) = state.number.take() {
            turn.queue.leave(number);
        }
        Busy(Arc::clone(turn))
    }

    /// Whether the connection has ever asked for anything.
    pub(crate) fn has_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let turn = &self.0;
        let mut state = turn.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.requests -= 1;
        if state.requests == 0 {
            state.number = Some(turn.queue.join(&turn.end));
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = state.number.take() {
            self.queue.leave(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r76_who_has_waited_longest_goes_first_and_nobody_who_is_busy() {
        let queue = Arc::new(Queue::new(2));
        let join = || Turn::new(&queue, CancellationToken::new());
        let (first, second, third) = (join(), join(), join());
        let gone = |turn: &Turn| turn.end.is_cancelled();
        assert!(gone(&first) && !gone(&second) && !gone(&third));
        let busy = Turn::busy(&second);
        let fourth = join();
        assert!(!gone(&second) && !gone(&third) && !gone(&fourth));
        drop(busy);
        assert!(
            !gone(&second) && gone(&third),
            "the third has waited longer"
        );
        drop(fourth);
        let fifth = join();
        assert!(!gone(&second) && !gone(&fifth));
    }

    #[test]
    fn r76_a_household_has_one_limit() {
        let crowd = Arc::new(Crowd::default());
        let enter = |peer: &str| Crowd::enter(&crowd, peer.parse().unwrap(), 1);
        let first = enter("2001:db8::1");
        assert!(first.is_some() && enter("2001:db8::2").is_none());
        assert!(enter("2001:db8:0:1::2").is_some());
        drop(first);
        assert!(enter("2001:db8::2").is_some());
    }
}
