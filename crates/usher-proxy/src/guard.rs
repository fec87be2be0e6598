//! What is open is judged again: streams and sockets end within 10 s when their holder may no longer have them (R47).
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;

use crate::body::BodyError;
use crate::rules::{Caller, MediaRequest, MediaVerdict, Rules, Visit};

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
}

impl Holder {
    /// Comes back when the holder may no longer have it. What cannot be judged now keeps its last verdict.
    pub(crate) async fn until_unwelcome(self, rules: Arc<dyn Rules>, every: Duration) {
        loop {
            tokio::time::sleep(every).await;
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
    /// Who will look; taken when the clock starts.
    guard: Option<Guard>,
    unwelcome: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    passed: usize,
}

/// Whoever looks again.
pub(crate) struct Guard {
    /// Whom to look at.
    pub holder: Holder,
    /// Whom to ask.
    pub rules: Arc<dyn Rules>,
    /// How often.
    pub every: Duration,
}

/// The holder of a stream is no longer welcome.
#[derive(Debug, thiserror::Error)]
#[error("the stream was cut: its holder may no longer have it")]
pub(crate) struct Cut;

impl Guarded {
    /// Guards a body.
    pub(crate) const fn new(inner: Incoming, guard: Guard) -> Self {
        Self {
            inner,
            guard: Some(guard),
            unwelcome: None,
            passed: 0,
        }
    }

    fn start(&mut self) {
        if let Some(guard) = self.guard.take() {
            let unwelcome = guard.holder.until_unwelcome(guard.rules, guard.every);
            self.unwelcome = Some(Box::pin(unwelcome));
        }
    }

    /// Whether the body must be cut now. Once started, the clock is asked before each frame: a stalled reader who reads
    /// on gets nothing that is no longer due.
    fn is_over(&mut self, context: &mut Context<'_>) -> bool {
        let unwelcome = self.unwelcome.as_mut();
        unwelcome.is_some_and(|unwelcome| unwelcome.as_mut().poll(context).is_ready())
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
        if body.is_over(context) {
            return Poll::Ready(Some(Err(Box::new(Cut))));
        }
        match Pin::new(&mut body.inner).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                body.passed += frame.data_ref().map_or(0, Bytes::len);
                if body.passed > UNWATCHED_MAX {
                    body.start();
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(other) => Poll::Ready(other.map(|frame| frame.map_err(BodyError::from))),
            Poll::Pending => {
                body.start();
                if body.is_over(context) {
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
