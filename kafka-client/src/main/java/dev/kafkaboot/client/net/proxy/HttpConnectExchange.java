package dev.kafkaboot.client.net.proxy;

import dev.kafkaboot.client.HostPort;
import dev.kafkaboot.client.proxy.ProxyCredentials;
import dev.kafkaboot.client.proxy.ProxyException;
import dev.kafkaboot.client.proxy.ProxyExchange;
import dev.kafkaboot.client.proxy.ProxyTarget;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What is said to an HTTP proxy: CONNECT, and its answer. A refusal is told in the proxy's own words, the first line of a text that goes with it included. */
final class HttpConnectExchange implements ProxyExchange {

    private static final String BEGIN = "HTTP/";
    private static final byte TLS_ALERT = 0x15;
    private static final byte SOCKS5 = 5;
    private static final int TOLD_MIN = 3; // fewer letters of a secret tell nothing, and end many a word
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final String address;
    private final @Nullable ProxyCredentials credentials;
    private final String token;
    private Step step = Step.BEGIN;
    private @Nullable HttpHead refusal;

    HttpConnectExchange(ProxyTarget target, @Nullable ProxyCredentials credentials) {
        this.address = new HostPort(target.host(), target.port()).toString();
        this.credentials = credentials;
        this.token = credentials == null ? "" : Base64.getEncoder()
                .encodeToString((credentials.user() + ":" + credentials.password().reveal()).getBytes(StandardCharsets.UTF_8));
    }

    private enum Step {
        BEGIN("be asked"),
        HEAD("answer CONNECT"),
        REASON("end its refusal"),
        DONE("end");

        private final String awaited;

        Step(String awaited) {
            this.awaited = awaited;
        }
    }

    @Override
    public boolean isComplete() {
        return step == Step.DONE;
    }

    @Override
    public String awaited() {
        return refusal == null ? step.awaited : step.awaited + ": " + told(refusal.status());
    }

    @Override
    public ByteBuffer proceed(ByteBuffer received) throws ProxyException {
        switch (step) {
            case BEGIN -> {
                step = Step.HEAD;
                return request();
            }
            case HEAD -> readHead(received);
            case REASON -> readReason(received);
            case DONE -> { /* the rest is the broker's */ }
        }
        return NOTHING;
    }

    private ByteBuffer request() {
        String authorization = credentials == null ? "" : "Proxy-Authorization: Basic " + token + "\r\n";
        String request = "CONNECT " + address + " HTTP/1.1\r\nHost: " + address + "\r\n" + authorization + "\r\n";
        return ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
    }

    private void readHead(ByteBuffer received) throws ProxyException {
        checkBegin(received);
        HttpHead head = HttpHead.read(received, this::told);
        if (head == null || head.isInterim()) { // one that is not the answer yet, such as 100, was read, and another follows
            return;
        }
        if (head.isSuccess()) {
            step = Step.DONE;
            return;
        }
        refusal = head;
        step = Step.REASON;
        readReason(received);
    }

    private void checkBegin(ByteBuffer received) throws ProxyException {
        for (int i = 0; i < Math.min(BEGIN.length(), received.remaining()); i++) {
            byte next = received.get(received.position() + i);
            if (next != BEGIN.charAt(i)) {
                throw new ProxyException(i > 0 ? noHttp(received) : switch (next) {
                    case TLS_ALERT -> "answered with a TLS record: should proxy.url begin with https?";
                    case SOCKS5 -> "answered in SOCKS5: should proxy.url begin with socks5?";
                    default -> noHttp(received);
                });
            }
        }
    }

    private String noHttp(ByteBuffer received) {
        return "does not speak HTTP: its answer begins with '" + told(text(received)) + "'";
    }

    /** Waits for the first line of the text that goes with a refusal, if there is one. */
    private void readReason(ByteBuffer received) throws ProxyException {
        HttpHead head = refusal();
        int length = Math.min(head.textLength(), UNREAD_MAX / 2);
        String text = text(received).stripLeading();
        int lineEnd = text.indexOf('\n');
        if (length == 0 || lineEnd >= 0 || received.remaining() >= length) {
            throw refused(head, length == 0 ? "" : lineEnd < 0 ? text : text.substring(0, lineEnd));
        }
    }

    private HttpHead refusal() {
        if (refusal == null) {
            throw new IllegalStateException("The proxy has not refused");
        }
        return refusal;
    }

    @Override
    public void ended() throws ProxyException {
        if (refusal != null) {
            throw refused(refusal, "");
        }
    }

    private ProxyException refused(HttpHead head, String text) {
        String words = told(head.status() + (text.isBlank() ? "" : ": " + text.strip()));
        if (!head.wantsAuthentication()) {
            return new ProxyException("answered '" + words + "'");
        }
        String wanted = head.challenges().isEmpty() ? "" : " (it wants " + told(String.join(", ", head.challenges())) + ")";
        return new ProxyException((credentials == null
                ? "wants a user name and password, and proxy.url has none"
                : "refused the user name and password") + wanted
                + (head.wantsOnlyOthersThanBasic() ? "; only Basic is spoken" : "") + ": '" + words + "'");
    }

    /** The proxy's words, with nothing in them that it was told in confidence. */
    private String told(String words) {
        return Words.of(credentials == null ? words : without(without(words, token), credentials.password().reveal()));
    }

    /** A text without a secret, and without the beginning of one at its end: the rest may not have come yet. */
    private static String without(String words, String secret) {
        String shown = secret.isEmpty() ? words : words.replace(secret, "****");
        for (int length = Math.min(secret.length(), shown.length()); length >= TOLD_MIN; length--) {
            if (shown.endsWith(secret.substring(0, length))) {
                return shown.substring(0, shown.length() - length) + "****";
            }
        }
        return shown;
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
    }
}
