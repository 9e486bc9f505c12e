package dev.kafkaboot.record.compress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Reads gzip (RFC 1952), by the JDK's inflater: one member or several. */
final class GzipSource extends PlainSource {

    private static final short MAGIC = (short) 0x8b1f;
    private static final int FIXED_HEADER = 10;
    private static final int TRAILER = 8;

    private static final int HEADER_CRC_FLAG = 0x02;
    private static final int EXTRA_FLAG = 0x04;
    private static final int NAME_FLAG = 0x08;
    private static final int COMMENT_FLAG = 0x10;

    private final Inflater inflater = new Inflater(/* nowrap= */ true);
    private final CRC32 crc = new CRC32();

    private boolean ended;

    @Override
    CompressionType type() {
        return CompressionType.GZIP;
    }

    @Override
    void begin() throws IOException {
        input.order(ByteOrder.LITTLE_ENDIAN);
        ended = false;
        beginMember();
    }

    private void beginMember() throws IOException {
        int start = input.position();
        require(FIXED_HEADER, "a gzip header");
        if (input.getShort() != MAGIC || input.get() != 8) {
            throw new IOException("they are not gzip");
        }
        int flags = input.get();
        skip(FIXED_HEADER - 4);
        if ((flags & EXTRA_FLAG) != 0) {
            require(Short.BYTES, "a gzip header");
            skip(input.getShort() & 0xffff);
        }
        if ((flags & NAME_FLAG) != 0) {
            skipText();
        }
        if ((flags & COMMENT_FLAG) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC_FLAG) != 0) {
            checkHeader(start);
        }
        inflater.reset();
        inflater.setInput(input);
        crc.reset();
    }

    private void checkHeader(int start) throws IOException {
        crc.reset();
        crc.update(input.duplicate().flip().position(start));
        require(Short.BYTES, "a gzip header");
        if (input.getShort() != (short) crc.getValue()) {
            throw new IOException("the checksum of their gzip header is wrong");
        }
    }

    private void skip(int bytes) throws IOException {
        require(bytes, "a gzip header");
        input.position(input.position() + bytes);
    }

    private void skipText() throws IOException {
        do {
            require(1, "a gzip header");
        } while (input.get() != 0);
    }

    @Override
    int produce(ByteBuffer target) throws IOException {
        if (ended) {
            return -1;
        }
        int start = target.position();
        int count = inflate(target);
        crc.update(target.duplicate().flip().position(start));
        if (inflater.finished()) {
            endMember();
        } else if (count == 0) {
            throw new IOException(inflater.needsDictionary() ? "they need a dictionary" : "they are cut off");
        }
        return count;
    }

    private int inflate(ByteBuffer target) throws IOException {
        try {
            return inflater.inflate(target);
        } catch (DataFormatException e) {
            throw new IOException("they are not valid gzip: " + e.getMessage(), e);
        }
    }

    private void endMember() throws IOException {
        require(TRAILER, "a gzip trailer");
        if (input.getInt() != (int) crc.getValue() || input.getInt() != (int) inflater.getBytesWritten()) {
            throw new IOException("their gzip checksum or size is wrong");
        }
        if (input.remaining() >= Short.BYTES && input.getShort(input.position()) == MAGIC) {
            beginMember();
        } else {
            ended = true;
        }
    }

    @Override
    void discard() {
        inflater.end();
    }
}
