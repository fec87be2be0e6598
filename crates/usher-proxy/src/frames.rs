//! What Jellyfin sends down a socket, read frame by frame (RFC 6455, 5.2): text messages are shown to those who know who may
//! be named to whom, everything else passes untouched.
use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::rules::Told;

/// Longer messages are passed on unread: lists of the library. Those that name people are far shorter.
const READ_MAX: u64 = 1024 * 1024;

const LAST: u8 = 0x80;
const RESERVED: u8 = 0x70;
const KIND: u8 = 0x0f;
const MASKED: u8 = 0x80;
const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;

/// Who is asked about each text message.
pub(crate) trait Listener: Send + Sync {
    /// What becomes of it.
    fn told(&self, message: &str) -> impl Future<Output = Told> + Send;
}

/// A frame's beginning.
struct Head {
    /// As it came, to be sent on.
    bytes: Vec<u8>,
    is_last: bool,
    kind: u8,
    length: u64,
}

/// A text message of which some parts have come.
type Begun = Option<Vec<u8>>;

/// Passes on what comes until it ends. A frame that Jellyfin may not send, and that cannot be read here, is an error.
pub(crate) async fn relay<From, To>(
    mut from: From,
    mut to: To,
    listener: &impl Listener,
) -> io::Result<()>
where
    From: AsyncBufRead + Send + Unpin,
    To: AsyncWrite + Send + Unpin,
{
    let mut begun: Begun = None;
    while let Some(head) = Head::read(&mut from).await? {
        let is_read = match (head.kind, &begun) {
            (TEXT, None) | (CONTINUATION, Some(_)) => true,
            (TEXT, Some(_)) => return Err(io::ErrorKind::InvalidData.into()),
            _other => false,
        };
        if !is_read {
            to.write_all(&head.bytes).await?;
            pass(&mut from, &mut to, head.length).await?;
        } else if let Some(text) = collect(&mut from, &mut to, &mut begun, &head).await? {
            tell(&mut to, text, listener).await?;
        }
        to.flush().await?;
    }
    to.shutdown().await
}

/// Adds a part to a message. Gives it when it is whole; passes on what has come when it becomes too long.
async fn collect<From, To>(
    from: &mut From,
    to: &mut To,
    begun: &mut Begun,
    head: &Head,
) -> io::Result<Option<Vec<u8>>>
where
    From: AsyncBufRead + Unpin,
    To: AsyncWrite + Unpin,
{
    let mut text = begun.take().unwrap_or_default();
    let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
    if length.saturating_add(head.length) > READ_MAX {
        if head.kind == CONTINUATION {
            to.write_all(&frame(TEXT, &text)).await?;
        }
        to.write_all(&head.bytes).await?;
        pass(from, to, head.length).await?;
        return Ok(None);
    }
    let part = from.take(head.length).read_to_end(&mut text).await?;
    if u64::try_from(part).unwrap_or(u64::MAX) < head.length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    if head.is_last {
        return Ok(Some(text));
    }
    *begun = Some(text);
    Ok(None)
}

async fn tell<To>(to: &mut To, text: Vec<u8>, listener: &impl Listener) -> io::Result<()>
where
    To: AsyncWrite + Unpin,
{
    let told = match std::str::from_utf8(&text) {
        Ok(message) => listener.told(message).await,
        // A client ends the socket at that.
        Err(_no_text) => Told::AsItIs,
    };
    match told {
        Told::AsItIs => to.write_all(&frame(LAST | TEXT, &text)).await,
        Told::Instead(other) => to.write_all(&frame(LAST | TEXT, other.as_bytes())).await,
        Told::Nothing => Ok(()),
    }
}

/// Passes so many bytes on, as they come.
async fn pass<From, To>(from: &mut From, to: &mut To, mut left: u64) -> io::Result<()>
where
    From: AsyncBufRead + Unpin,
    To: AsyncWrite + Unpin,
{
    while left > 0 {
        let here = from.fill_buf().await?;
        if here.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let most = usize::try_from(left).unwrap_or(usize::MAX);
        let part = here.get(..most).unwrap_or(here);
        let length = part.len();
        to.write_all(part).await?;
        from.consume(length);
        left -= u64::try_from(length).unwrap_or(left);
    }
    Ok(())
}

impl Head {
    /// The next frame's; `None` where the stream ends between two frames.
    async fn read(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Self>> {
        if from.fill_buf().await?.is_empty() {
            return Ok(None);
        }
        let (first, second) = (from.read_u8().await?, from.read_u8().await?);
        // Compression was not asked for, and a server masks nothing.
        if first & RESERVED != 0 || second & MASKED != 0 {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut bytes = vec![first, second];
        let length = match second {
            126 => {
                let length = from.read_u16().await?;
                bytes.extend(length.to_be_bytes());
                u64::from(length)
            }
            127 => {
                let length = from.read_u64().await?;
                bytes.extend(length.to_be_bytes());
                length
            }
            short => u64::from(short),
        };
        Ok(Some(Self {
            bytes,
            is_last: first & LAST != 0,
            kind: first & KIND,
            length,
        }))
    }
}

/// A frame with this first byte.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short), _) if short < 126 => frame.push(short),
        (_, Ok(length)) => {
            frame.push(126);
            frame.extend(length.to_be_bytes());
        }
        (_, Err(_longer)) => {
            frame.push(127);
            frame.extend(
                u64::try_from(payload.len())
                    .unwrap_or(u64::MAX)
                    .to_be_bytes(),
            );
        }
    }
    frame.extend_from_slice(payload);
    frame
}

#[cfg(test)]
mod tests;
