package dev.kafkaboot.client.net.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** As much of ASN.1's DER as it takes to put older forms of private keys into PKCS#8. */
final class Der {

    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int NULL = 0x05;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int SEQUENCE = 0x30;

    private Der() {}

    /**
     * One element.
     *
     * @param whole its bytes, tag and length included
     * @param content its bytes without these
     */
    record Element(int tag, byte[] whole, byte[] content) {}

    /** The elements that lie one behind the other in an array. */
    static List<Element> elements(byte[] bytes) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        List<Element> elements = new ArrayList<>();
        while (rest.hasRemaining()) {
            int start = rest.position();
            int tag = rest.get() & 0xff;
            int length = length(rest);
            if (length < 0 || length > rest.remaining()) {
                throw new IllegalArgumentException("an element claims " + length + " bytes of " + rest.remaining());
            }
            byte[] content = new byte[length];
            rest.get(content);
            byte[] whole = new byte[rest.position() - start];
            rest.get(start, whole);
            elements.add(new Element(tag, whole, content));
        }
        return elements;
    }

    private static int length(ByteBuffer rest) {
        int first = next(rest);
        if (first < 0x80) {
            return first;
        }
        int count = first & 0x7f;
        if (count == 0 || count > 4) {
            throw new IllegalArgumentException("a length of " + count + " bytes");
        }
        int length = 0;
        for (int i = 0; i < count; i++) {
            length = length << 8 | next(rest);
        }
        return length;
    }

    private static int next(ByteBuffer rest) {
        if (!rest.hasRemaining()) {
            throw new IllegalArgumentException("it ends inside a length");
        }
        return rest.get() & 0xff;
    }

    /** The first element with a tag, or null. */
    static @Nullable Element find(List<Element> elements, int tag) {
        return elements.stream().filter(element -> element.tag == tag).findFirst().orElse(null);
    }

    /** Writes one element around others, or around bytes. */
    static byte[] write(int tag, byte[]... contents) {
        int length = 0;
        for (byte[] content : contents) {
            length += content.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            int count = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | count);
            for (int shift = (count - 1) * 8; shift >= 0; shift -= 8) {
                out.write(length >>> shift);
            }
        }
        for (byte[] content : contents) {
            out.writeBytes(content);
        }
        return out.toByteArray();
    }
}
