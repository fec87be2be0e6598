//! What is open is judged again: streams and sockets end within 10 s when their holder may no longer have them (R47).
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use crate::body::{Body, BodyError};
use crate::rules::{Caller, MediaRequest, MediaVerdict, Rules, Visit};

/// Who holds an open answer, and what it shows.
#[derive(Clone)]
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

/// A body that is cut when its holder is no longer welcome.
pub(crate) struct Guarded {
    inner: Body,
    unwelcome: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// The holder of a stream is no longer welcome.
#[derive(Debug, thiserror::Error)]
#[error("the stream was cut: its holder may no longer have it")]
pub(crate) struct Cut;

impl Guarded {
    /// Guards a body.
    pub(crate) fn new(inner: Body, unwelcome: impl Future<Output = ()> + Send + 'static) -> Self {
        Self {
            inner,
            unwelcome: Box::pin(unwelcome),
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
        if self.unwelcome.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(Box::new(Cut))));
        }
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
