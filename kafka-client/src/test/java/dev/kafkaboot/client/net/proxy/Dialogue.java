package dev.kafkaboot.client.net.proxy;

import dev.kafkaboot.client.proxy.ProxyException;
import dev.kafkaboot.client.proxy.ProxyExchange;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.IntUnaryOperator;

/** An exchange and what a proxy says in it, cut into pieces, with the buffer that a tunnel has. */
final class Dialogue {

    private final ProxyExchange exchange;
    private final ByteBuffer buffer = ByteBuffer.allocate(ProxyExchange.UNREAD_MAX);
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    Dialogue(ProxyExchange exchange) throws ProxyException {
        this.exchange = exchange;
        hear(new byte[0]);
    }

    /** What the client has said, and not been asked for yet. */
    byte[] said() {
        byte[] all = sent.toByteArray();
        sent.reset();
        return all;
    }

    String saidText() {
        return new String(said(), StandardCharsets.ISO_8859_1);
    }

    /** The proxy says something, all at once. */
    Dialogue hear(byte... bytes) throws ProxyException {
        buffer.put(bytes).flip();
        try {
            int before;
            do {
                before = buffer.remaining();
                ByteBuffer answer = exchange.proceed(buffer);
                byte[] copy = new byte[answer.remaining()];
                answer.get(copy);
                sent.writeBytes(copy);
            } while (!exchange.isComplete() && buffer.hasRemaining() && buffer.remaining() < before);
        } finally {
            buffer.compact();
        }
        return this;
    }

    /** The proxy says something in pieces, as large as {@code sizes} answers for the number of bytes left. */
    Dialogue hear(byte[] bytes, IntUnaryOperator sizes) throws ProxyException {
        int from = 0;
        while (from < bytes.length) {
            int size = sizes.applyAsInt(bytes.length - from);
            byte[] piece = new byte[size];
            System.arraycopy(bytes, from, piece, 0, size);
            hear(piece);
            from += size;
        }
        return this;
    }

    Dialogue hear(String text) throws ProxyException {
        return hear(text.getBytes(StandardCharsets.ISO_8859_1), left -> left);
    }

    boolean isComplete() {
        return exchange.isComplete();
    }

    ProxyExchange exchange() {
        return exchange;
    }

    /** What came and was not read. */
    byte[] unread() {
        byte[] rest = new byte[buffer.position()];
        buffer.get(0, rest);
        return rest;
    }
}
