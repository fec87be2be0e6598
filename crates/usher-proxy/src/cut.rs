//! Cutting an answer off in the middle, whether or not anybody reads on (R47).
//!
//! A body alone cannot do it. Who has paused, or reads slowly, is not asked for more of the body; and what waits meanwhile
//! in the buffers of connection and kernel, some MB, would still go out. So an HTTP/1 connection is reset as a whole, as
//! long as its answer is not with the client. In HTTP/2 others share the connection: there the stream ends when its next
//! bytes are due.
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tokio_util::task::AbortOnDropHandle;

/// Cuts off what one connection answers, or one stream of it in HTTP/2.
#[derive(Clone, Default)]
pub(crate) struct Cutter(Arc<State>);

#[derive(Default)]
struct State {
    cut: CancellationToken,
    /// Whoever watches over the latest answer.
    watch: Mutex<Option<AbortOnDropHandle<()>>>,
}

impl Cutter {
    /// Cuts when `unwelcome` comes back, unless the connection ends or asks for something else before. Whoever awaits the
    /// answer is told that it was cut.
    pub(crate) fn cut_after(
        &self,
        unwelcome: impl Future<Output = ()> + Send + 'static,
    ) -> WaitForCancellationFutureOwned {
        let cut = self.0.cut.clone();
        let watch = tokio::spawn(async move {
            unwelcome.await;
            cut.cancel();
        });
        self.replace(Some(AbortOnDropHandle::new(watch)));
        self.0.cut.clone().cancelled_owned()
    }

    /// The connection asks for something else, so what it was answered before has reached the client.
    pub(crate) fn is_asked_anew(&self) {
        self.replace(None);
    }

    fn replace(&self, watch: Option<AbortOnDropHandle<()>>) {
        let mut current = self.0.watch.lock().unwrap_or_else(PoisonError::into_inner);
        *current = watch;
    }

    /// Serves a connection until it ends or is cut.
    pub(crate) async fn serve(&self, connection: impl Future<Output = ()>) {
        self.0.cut.run_until_cancelled(connection).await;
    }
}

/// A connection that is reset where it was cut: what the kernel still holds of it is thrown away.
pub(crate) struct Cuttable {
    inner: TcpStream,
    cutter: Cutter,
}

impl Cuttable {
    /// A connection, and what cuts it.
    pub(crate) fn new(inner: TcpStream) -> (Self, Cutter) {
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
