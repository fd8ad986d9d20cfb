package dev.llmproxy.integrity;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import okio.Buffer;
import okio.Source;
import okio.Timeout;

/** A body of which each read gets one piece. */
final class PieceByPiece implements Source {
    private final Deque<String> pieces;

    PieceByPiece(Collection<String> pieces) {
        this.pieces = new ArrayDeque<>(pieces);
    }

    @Override
    public long read(Buffer sink, long byteCount) {
        String piece = pieces.poll();
        if (piece == null) {
            return -1;
        }
        sink.writeUtf8(piece);
        return piece.length();
    }

    @Override
    public Timeout timeout() {
        return Timeout.NONE;
    }

    @Override
    public void close() {}
}
