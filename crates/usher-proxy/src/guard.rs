//! What is open is judged again: streams and sockets end within 10 s when their holder may no longer have them (R47).
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;

use crate::body::BodyError;
use crate::cut::Cutter;
use crate::rules::{Caller, Carries, Flow, MediaRequest, MediaVerdict, Rules, Visit};

/// So much may pass before anybody looks: most answers are over before.
const UNWATCHED_MAX: usize = 64 * 1024;

/// Who holds an open answer, and what it shows.
pub(crate) struct Holder {
    /// The request that opened it.
    pub visit: Arc<Visit>,
    /// The token's holder; `None` for a ticket.
    pub caller: Option<Arc<Caller>>,
    /// The film, for answers behind the media gate.
    pub media: Option<MediaRequest>,
    /// Bytes of the whole file, where the answer says so.
    pub of: Option<u64>,
}

/// What passed of a body.
#[derive(Default)]
pub(crate) struct Passed {
    /// Bytes that were not told yet.
    untold: AtomicU64,
    /// Bytes that were.
    told: AtomicU64,
}

impl Passed {
    /// What is to be told, if anything is. It counts as told.
    fn take(&self, of: Option<u64>) -> Option<Flow> {
        let bytes = self.untold.swap(0, Ordering::Relaxed);
        let before = self.told.fetch_add(bytes, Ordering::Relaxed);
        (bytes > 0).then_some(Flow { bytes, before, of })
    }
}

impl Holder {
    /// Tells how much of the film passed. Of a segment the head was told, with its length.
    async fn tell(self: Arc<Self>, rules: Arc<dyn Rules>, passed: Arc<Passed>) {
        let Some(media) = &self.media else { return };
        let film = passed
            .take(self.of)
            .filter(|_| media.carries == Carries::Film);
        let Some(flow) = film else { return };
        rules
            .flowed(&self.visit, self.caller.as_ref(), media, flow)
            .await;
    }

    /// Comes back when the holder may no longer have it. What cannot be judged now keeps its last verdict.
    pub(crate) async fn until_unwelcome(
        self: Arc<Self>,
        rules: Arc<dyn Rules>,
        every: Duration,
        passed: Arc<Passed>,
    ) {
        loop {
            tokio::time::sleep(every).await;
            // By itself: what was taken from `passed` is told, though the watch may be given up meanwhile.
            let told = Arc::clone(&self).tell(Arc::clone(&rules), Arc::clone(&passed));
            let _ = tokio::spawn(told).await;
            if let Some(caller) = &self.caller
                && !rules.still_welcome(&self.visit, caller).await
            {
                return;
            }
            let Some(media) = &self.media else { continue };
            match rules.media(&self.visit, self.caller.as_ref(), media).await {
                MediaVerdict::Open | MediaVerdict::Unavailable => {}
                MediaVerdict::NoHolder | MediaVerdict::Hidden | MediaVerdict::Closed => return,
            }
        }
    }
}

/// A body that is cut off when its holder is no longer welcome. The clock starts when the body is large or makes one wait:
/// a short one that comes at once costs none.
pub(crate) struct Guarded {
    inner: Incoming,
    guard: Guard,
    is_watched: bool,
    length: usize,
    passed: Arc<Passed>,
}

/// Whoever looks again.
pub(crate) struct Guard {
    /// Whom to look at.
    pub holder: Arc<Holder>,
    /// Whom to ask.
    pub rules: Arc<dyn Rules>,
    /// How often.
    pub every: Duration,
    /// What cuts.
    pub cutter: Cutter,
}

impl Guarded {
    /// Guards a body.
    pub(crate) fn new(inner: Incoming, guard: Guard) -> Self {
        Self {
            inner,
            guard,
            is_watched: false,
            length: 0,
            passed: Arc::default(),
        }
    }

    /// Whom to look at, whom to ask, and what passed.
    fn parts(&self) -> (Arc<Holder>, Arc<dyn Rules>, Arc<Passed>) {
        let (holder, rules) = (&self.guard.holder, &self.guard.rules);
        (
            Arc::clone(holder),
            Arc::clone(rules),
            Arc::clone(&self.passed),
        )
    }

    fn start(&mut self) {
        if std::mem::replace(&mut self.is_watched, true) {
            return;
        }
        let (holder, rules, passed) = self.parts();
        let unwelcome = holder.until_unwelcome(rules, self.guard.every, passed);
        self.guard.cutter.cut_after(unwelcome);
    }
}

/// However a film ends, what passed of it is told. Of what else was long, only the body is watched over.
impl Drop for Guarded {
    fn drop(&mut self) {
        if self.guard.holder.media.is_none() {
            self.guard.cutter.lift();
            return;
        }
        let (holder, rules, passed) = self.parts();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(holder.tell(rules, passed));
        }
    }
}

impl http_body::Body for Guarded {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let body = &mut *self;
        match Pin::new(&mut body.inner).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                let length = frame.data_ref().map_or(0, Bytes::len);
                body.length += length;
                let more = u64::try_from(length).unwrap_or(u64::MAX);
                body.passed.untold.fetch_add(more, Ordering::Relaxed);
                if body.length > UNWATCHED_MAX {
                    body.start();
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(other) => Poll::Ready(other.map(|frame| frame.map_err(BodyError::from))),
            Poll::Pending => {
                body.start();
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
