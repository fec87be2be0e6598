//! One body type for what comes in and what goes out.
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode, header};
use http_body::{Frame, SizeHint};
use http_body_util::{BodyExt, Empty, Full};
use tokio::time::{Instant, Sleep};

/// Whatever a body fails with.
pub type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// A body that is passed on as it comes, or one that we made.
pub type Body = http_body_util::combinators::UnsyncBoxBody<Bytes, BodyError>;

/// No body.
pub fn empty() -> Body {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}

/// A body that is there as a whole.
pub fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into())
        .map_err(|never| match never {})
        .boxed_unsync()
}

/// How long a body may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// However little comes.
    pub(crate) time: Duration,
    /// Bytes in a second: with what has come, so much more time is given.
    pub(crate) rate: u64,
}

/// A body that ends with an error where it comes more slowly.
pub(crate) fn timed(body: Body, pace: Pace) -> Body {
    let begun = Instant::now();
    Timed {
        inner: body,
        pace,
        begun,
        come: 0,
        end: Box::pin(tokio::time::sleep_until(begun + pace.time)),
    }
    .boxed_unsync()
}

struct Timed {
    inner: Body,
    pace: Pace,
    begun: Instant,
    /// Bytes that have come.
    come: u64,
    end: Pin<Box<Sleep>>,
}

impl Timed {
    /// Gives more time for what has come.
    fn note(&mut self, frame: &Frame<Bytes>) {
        let length = frame.data_ref().map_or(0, Bytes::len);
        self.come = self
            .come
            .saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        let more = Duration::from_secs(self.come / self.pace.rate.max(1));
        self.end.as_mut().reset(self.begun + self.pace.time + more);
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the body takes too long")]
struct TooSlow;

impl http_body::Body for Timed {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let frame = Pin::new(&mut self.inner).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &frame {
            self.note(frame);
        }
        if frame.is_pending() && self.end.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(Box::new(TooSlow))));
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// A short plain answer for programs: never HTML, never JSON (Roku parses any body as JSON whatever its status).
pub fn text(status: StatusCode, words: &'static str) -> Response<Body> {
    let mut response = Response::new(full(words));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("text/plain"),
    );
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        header::HeaderValue::from_static("*"),
    );
    response
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::stream;
    use http_body_util::StreamBody;

    use super::*;

    /// A photo that comes in pieces of this size, one in each second.
    async fn uploaded(pieces: usize, size: usize) -> Result<usize, BodyError> {
        let coming = stream::unfold(pieces, move |left| async move {
            let left = left.checked_sub(1)?;
            tokio::time::sleep(Duration::from_secs(1)).await;
            let piece = Frame::data(Bytes::from(vec![0; size]));
            Some((Ok::<_, Infallible>(piece), left))
        });
        let body = StreamBody::new(coming).map_err(|never| match never {});
        let pace = Pace {
            time: Duration::from_secs(10),
            rate: 64 * 1024,
        };
        let read = timed(body.boxed_unsync(), pace).collect().await?;
        Ok(read.to_bytes().len())
    }

    #[tokio::test(start_paused = true)]
    async fn r76_what_comes_is_waited_for_however_much_it_is_and_what_trickles_is_not() {
        let photo = uploaded(60, 100 * 1024).await;
        assert_eq!(photo.unwrap(), 60 * 100 * 1024);
        assert!(uploaded(60, 1024).await.is_err());
        assert_eq!(uploaded(9, 1).await.unwrap(), 9);
    }
}
