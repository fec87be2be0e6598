//! What is open is judged again: streams and sockets end within 10 s when their holder may no longer have them (R47).
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use tokio_util::sync::WaitForCancellationFutureOwned;

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
    /// Tells how much of the film passed; once begun that is not given up. Of a segment the head was told, with its length.
    pub(crate) async fn tell(self: &Arc<Self>, rules: &Arc<dyn Rules>, passed: &Passed) {
        let carries_film = |media: &MediaRequest| media.carries == Carries::Film;
        let Some(media) = self.media.clone().filter(carries_film) else {
            return;
        };
        let Some(flow) = passed.take(self.of) else {
            return;
        };
        let (holder, rules) = (Arc::clone(self), Arc::clone(rules));
        let told = tokio::spawn(async move {
            let caller = holder.caller.as_ref();
            rules.flowed(&holder.visit, caller, &media, flow).await;
        });
        // Where it panics, this one flow is not told.
        let _ = told.await;
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
            self.tell(&rules, &passed).await;
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

/// A body that is cut when its holder is no longer welcome. The clock starts when the body is large or makes one wait:
/// a short one that comes at once costs none.
pub(crate) struct Guarded {
    inner: Incoming,
    guard: Guard,
    /// Comes back when the body was cut off, once the clock has started.
    cut: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
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

/// The holder of a stream is no longer welcome.
#[derive(Debug, thiserror::Error)]
#[error("the stream was cut: its holder may no longer have it")]
pub(crate) struct Cut;

impl Guarded {
    /// Guards a body.
    pub(crate) fn new(inner: Incoming, guard: Guard) -> Self {
        Self {
            inner,
            guard,
            cut: None,
            length: 0,
            passed: Arc::default(),
        }
    }

    fn start(&mut self) {
        if self.cut.is_some() {
            return;
        }
        let (holder, rules) = (
            Arc::clone(&self.guard.holder),
            Arc::clone(&self.guard.rules),
        );
        let passed = Arc::clone(&self.passed);
        let unwelcome = holder.until_unwelcome(rules, self.guard.every, passed);
        self.cut = Some(Box::pin(self.guard.cutter.cut_after(unwelcome)));
    }

    /// Whether the body was cut off. It is asked before each frame: who reads on after a pause gets nothing that is no
    /// longer due.
    fn is_cut(&mut self, context: &mut Context<'_>) -> bool {
        let cut = self.cut.as_mut();
        cut.is_some_and(|cut| cut.as_mut().poll(context).is_ready())
    }
}

/// However a film ends, what passed of it is told.
impl Drop for Guarded {
    fn drop(&mut self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        if self.guard.holder.media.is_some() {
            let (holder, rules, passed) = (
                Arc::clone(&self.guard.holder),
                Arc::clone(&self.guard.rules),
                Arc::clone(&self.passed),
            );
            runtime.spawn(async move { holder.tell(&rules, &passed).await });
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
        if body.is_cut(context) {
            return Poll::Ready(Some(Err(Box::new(Cut))));
        }
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
                if body.is_cut(context) {
                    return Poll::Ready(Some(Err(Box::new(Cut))));
                }
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
