package dev.llmproxy.call;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import okio.Buffer;
import okio.BufferedSink;
import okio.ByteString;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request. It is written straight to the network unless somebody asks for its {@link #bytes()}: then it
 * is read into memory once, and every later use takes it from there, so that a one-shot body can be sent again.
 *
 * <p>Thread-safe as far as its {@link #produce} is.
 */
public abstract class LlmBody {
    /** The most that is read into memory: 64 MiB. */
    public static final long MAX_BYTES_IN_MEMORY = 64L << 20;

    private long said; // written before the bytes
    private volatile @Nullable ByteString bytes;
    // Why a body that can be produced only once is lost: whoever went on would take the rest of it for all of it.
    private volatile @Nullable Throwable lost;

    /** Constructs a body whose bytes {@link #produce} writes. */
    protected LlmBody() {}

    /**
     * Returns a body of these bytes.
     *
     * @param bytes the bytes
     * @param contentType their media type
     * @return the body
     */
    public static LlmBody of(ByteString bytes, String contentType) {
        return new Bytes(bytes, contentType);
    }

    /**
     * Returns the media type.
     *
     * @return the value of Content-Type, or nothing
     */
    public abstract Optional<String> contentType();

    /**
     * Returns the length as far as it is known before writing.
     *
     * @return the number of bytes, or -1
     */
    protected abstract long declaredLength();

    /**
     * Says whether {@link #produce} works once only.
     *
     * @return whether a second call would not write the same bytes
     */
    protected abstract boolean producesOnce();

    /**
     * Writes the body.
     *
     * @param sink where to; not to be closed
     * @throws IOException if the sink or the body fails
     */
    protected abstract void produce(BufferedSink sink) throws IOException;

    /**
     * Returns the length.
     *
     * @return the number of bytes, or -1 when it is not known
     */
    public final long length() {
        ByteString known = bytes;
        return known != null ? known.size() : declaredLength();
    }

    /**
     * Returns the length that the body said it has before it was read into memory. {@link #length()} is what is sent.
     *
     * @return the number of bytes, or -1 when it did not say
     */
    public final long saidLength() {
        return bytes != null ? said : declaredLength();
    }

    /**
     * Says whether the body can be written only once.
     *
     * @return false once the body is in memory
     */
    public final boolean isOneShot() {
        return bytes == null && producesOnce();
    }

    /**
     * Reads the whole body into memory, the first time it is asked for.
     *
     * @return the bytes
     * @throws BodyTooLargeException if there are more than {@link #MAX_BYTES_IN_MEMORY}
     * @throws IOException if the body cannot be read
     */
    public final ByteString bytes() throws IOException {
        ByteString known = bytes;
        return known != null ? known : readOnce();
    }

    private synchronized ByteString readOnce() throws IOException {
        ByteString known = bytes;
        if (known == null) {
            long length = declaredLength();
            if (length > MAX_BYTES_IN_MEMORY) {
                throw new BodyTooLargeException(length);
            }
            throwIfLost();
            known = readAllOrNone(length);
            said = length;
            bytes = known;
        }
        return known;
    }

    private ByteString readAllOrNone(long length) throws IOException {
        try {
            return readAll(length);
        } catch (IOException | RuntimeException | Error e) {
            lost = producesOnce() ? e : null;
            throw e;
        }
    }

    private void throwIfLost() throws IOException {
        Throwable before = lost;
        if (before instanceof BodyTooLargeException known) {
            throw known;
        } else if (before != null) {
            throw new IOException("the request body broke when it was read", before);
        }
    }

    private ByteString readAll(long length) throws IOException {
        Buffer buffer = new Buffer();
        if (length < 0) {
            BufferedSink capped = Okio.buffer(new CappedSink(buffer, MAX_BYTES_IN_MEMORY));
            produce(capped);
            // Not flushed: a body that compresses itself has closed it.
            capped.close();
        } else {
            // It has said that it fits: without a lid this is faster, and one that did not say the truth is found out.
            produce(buffer);
            if (buffer.size() > MAX_BYTES_IN_MEMORY) {
                throw new BodyTooLargeException(buffer.size());
            }
        }
        return buffer.readByteString();
    }

    /**
     * Writes the body to the network.
     *
     * @param sink where to; not closed
     * @throws IOException if the sink or the body fails
     */
    public final void writeTo(BufferedSink sink) throws IOException {
        ByteString known = bytes;
        if (known != null) {
            sink.write(known);
        } else {
            throwIfLost();
            produce(sink);
        }
    }

    /** Returns the length and nothing of the content. */
    @Override
    public final String toString() {
        return length() < 0 ? "body" : length() + "-byte body";
    }

    private static final class Bytes extends LlmBody {
        private final ByteString bytes;
        private final String contentType;

        Bytes(ByteString bytes, String contentType) {
            this.bytes = Objects.requireNonNull(bytes, "bytes");
            this.contentType = Objects.requireNonNull(contentType, "contentType");
        }

        @Override
        public Optional<String> contentType() {
            return Optional.of(contentType);
        }

        @Override
        protected long declaredLength() {
            return bytes.size();
        }

        @Override
        protected boolean producesOnce() {
            return false;
        }

        @Override
        protected void produce(BufferedSink sink) throws IOException {
            sink.write(bytes);
        }
    }
}
