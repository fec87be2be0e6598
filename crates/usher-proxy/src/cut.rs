//! Cutting an answer off in the middle, whether or not anybody reads on (R47).
//!
//! A body alone cannot do it: who has paused, or reads slowly, is not asked for more of the body, and what waits meanwhile
//! in buffers would still go out. So the connection is reset; in HTTP/2, where others share it, the stream is. What is left
//! to whoever reads too late is little: what the kernel had when a connection was closed, or the last piece of an HTTP/2
//! stream, each about 256 KiB.
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use futures_util::FutureExt;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

/// Cuts off what one connection answers; in HTTP/2, one stream of it.
#[derive(Clone, Default)]
pub(crate) struct Cutter(Arc<State>);

#[derive(Default)]
struct State {
    cut: CancellationToken,
    latest: Mutex<Latest>,
}

/// The latest answer.
#[derive(Default)]
struct Latest {
    /// Counts answers.
    number: u64,
    /// Whoever watches over it.
    watch: Option<AbortOnDropHandle<()>>,
}

impl Cutter {
    /// Cuts the latest answer off when `unwelcome` comes back. In HTTP/1 it is watched over beyond the end of its body,
    /// because it waits in buffers after that: until the connection ends or asks for something else.
    pub(crate) fn cut_after(&self, unwelcome: impl Future<Output = ()> + Send + 'static) {
        let mut latest = self.latest();
        let number = latest.number;
        // Holds no cutter: that would keep the watch, and so itself.
        let state = Arc::downgrade(&self.0);
        let watch = tokio::spawn(async move {
            // A panic is no verdict, and without one nothing is given out.
            let _ = AssertUnwindSafe(unwelcome).catch_unwind().await;
            if let Some(state) = state.upgrade() {
                Self(state).cut(number);
            }
        });
        latest.watch = Some(AbortOnDropHandle::new(watch));
    }

    /// Cuts, if this answer is still the latest.
    fn cut(&self, number: u64) {
        let latest = self.latest();
        if latest.number == number {
            self.0.cut.cancel();
        }
    }

    /// Nobody watches over the latest answer any more. Gives whether something else may be asked: not where a cut came first.
    pub(crate) fn lift(&self) -> bool {
        let mut latest = self.latest();
        latest.number += 1;
        latest.watch = None;
        !self.0.cut.is_cancelled()
    }

    fn latest(&self) -> MutexGuard<'_, Latest> {
        self.0.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Serves a connection, or a stream, until it ends or is cut.
    pub(crate) async fn serve(&self, answering: impl Future<Output = ()>) {
        tokio::select! {
            biased;
            () = self.0.cut.cancelled() => {}
            () = answering => {}
        }
    }

    /// That of the HTTP/2 stream which is being answered.
    pub(crate) fn of_stream() -> Self {
        STREAM.with(Self::clone)
    }
}

tokio::task_local! {
    static STREAM: Cutter;
}

/// Runs the streams of HTTP/2 connections, so that each can be cut off by itself.
#[derive(Clone)]
pub(crate) struct Streams;

impl<Stream> hyper::rt::Executor<Stream> for Streams
where
    Stream: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, stream: Stream) {
        let cutter = Cutter::default();
        let served = cutter.clone();
        let served = async move { served.serve(stream).await };
        tokio::spawn(STREAM.scope(cutter, served));
    }
}

/// So many bytes the kernel takes beyond what is on its way. Of a connection that was closed by itself, these still go out.
#[cfg(target_os = "linux")]
const UNSENT_MAX: u32 = 256 * 1024;

/// A connection that is reset where it was cut: what the kernel still holds of it is thrown away.
pub(crate) struct Cuttable {
    inner: TcpStream,
    cutter: Cutter,
}

impl Cuttable {
    /// A connection, and what cuts it.
    pub(crate) fn new(inner: TcpStream) -> (Self, Cutter) {
        // A socket that refuses is about to fail anyway.
        #[cfg(target_os = "linux")]
        let _ = socket2::SockRef::from(&inner).set_tcp_notsent_lowat(UNSENT_MAX);
        let cutter = Cutter::default();
        let cuttable = Self {
            inner,
            cutter: cutter.clone(),
        };
        (cuttable, cutter)
    }
}

impl Drop for Cuttable {
    fn drop(&mut self) {
        if self.cutter.0.cut.is_cancelled() {
            // Of a socket that refuses nothing more can be taken back.
            let _ = self.inner.set_zero_linger();
        }
    }
}

impl AsyncRead for Cuttable {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl AsyncWrite for Cuttable {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_answer_is_cut_off_and_no_other() {
        let cutter = Cutter::default();
        let number = cutter.latest().number;
        assert!(cutter.lift());
        cutter.cut(number);
        assert!(cutter.lift(), "the answer before was judged");
        let number = cutter.latest().number;
        cutter.cut(number);
        assert!(!cutter.lift());
    }
}
