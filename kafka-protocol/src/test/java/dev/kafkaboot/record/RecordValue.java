package dev.kafkaboot.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * A record as both libraries see it: what is the same on either side is equal.
 *
 * @param offset its offset
 * @param timestamp its timestamp
 * @param key the key as text of its bytes, or null
 * @param value the value as text of its bytes, or null
 * @param headers each as name, then value or null
 */
record RecordValue(long offset, long timestamp, @Nullable String key, @Nullable String value, List<List<@Nullable String>> headers) {

    /** What a cursor stands at. */
    static RecordValue at(RecordCursor cursor) {
        HeaderList list = cursor.headers();
        List<List<@Nullable String>> headers = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            headers.add(header(list.key(i), list.value(i)));
        }
        return new RecordValue(cursor.offset(), cursor.timestamp(), text(cursor.copyKey()), text(cursor.copyValue()), headers);
    }

    /** A record of Apache's. */
    static RecordValue of(Record record) {
        List<List<@Nullable String>> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(header(header.key(), header.value()));
        }
        return new RecordValue(record.offset(), record.timestamp(), text(bytes(record.key())), text(bytes(record.value())), headers);
    }

    /** All of a batch of ours. */
    static List<RecordValue> all(RecordBatch batch) {
        List<RecordValue> records = new ArrayList<>();
        try (RecordCursor cursor = batch.cursor(DecompressionLimits.DEFAULT)) {
            while (cursor.next()) {
                records.add(at(cursor));
            }
        }
        return records;
    }

    /** A record drawn at random: null and empty keys and values, long ones, headers, timestamps that go up and down. */
    static RecordValue random(SplittableRandom random, long offset) {
        List<List<@Nullable String>> headers = new ArrayList<>();
        for (int i = random.nextInt(8) == 0 ? random.nextInt(4) : 0; i > 0; i--) {
            headers.add(header("h\u00e4" + i, bytes(text(random))));
        }
        return new RecordValue(offset, 1_700_000_000_000L + random.nextInt(-100_000, 100_000), text(random), text(random), headers);
    }

    private static @Nullable String text(SplittableRandom random) {
        int kind = random.nextInt(10);
        if (kind == 0) {
            return null;
        }
        int length = kind == 1 ? 0 : kind == 2 ? random.nextInt(5_000) : random.nextInt(60);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) (kind == 3 ? random.nextInt(256) : 'a' + i % 7));
        }
        return text.toString();
    }

    byte @Nullable [] keyBytes() {
        return bytes(key);
    }

    byte @Nullable [] valueBytes() {
        return bytes(value);
    }

    /** The headers as our builder takes them. */
    HeaderList headerList() {
        return new HeaderList() {
            @Override
            public int size() {
                return headers.size();
            }

            @Override
            public String key(int index) {
                return String.valueOf(headers.get(index).get(0));
            }

            @Override
            public byte @Nullable [] value(int index) {
                return bytes(headers.get(index).get(1));
            }
        };
    }

    /** The headers as Apache's builder takes them. */
    Header[] headerArray() {
        return headers.stream().map(header -> new RecordHeader(String.valueOf(header.get(0)), bytes(header.get(1)))).toArray(Header[]::new);
    }

    private static List<@Nullable String> header(String name, byte @Nullable [] value) {
        List<@Nullable String> header = new ArrayList<>();
        header.add(name);
        header.add(text(value));
        return header;
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
        return buffer == null ? null : Utils.toArray(buffer);
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
