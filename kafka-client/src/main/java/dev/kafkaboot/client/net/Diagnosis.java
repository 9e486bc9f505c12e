package dev.kafkaboot.client.net;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.SslAuthenticationException;
import dev.kafkaboot.protocol.ApiKey;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Says in the user's terms what is wrong with a connection. The texts continue a sentence that begins with the broker's name. */
final class Diagnosis {

    private static final int HTTP = 0x48545450; // "HTTP"
    private static final int TLS_FIRST_TYPE = 0x14;
    private static final int TLS_LAST_TYPE = 0x18;
    private static final int TLS_MAJOR = 3;
    private static final int SMALLEST_FRAME = 4;

    private Diagnosis() {}

    /** A broker's name in messages; a bootstrap address has no id to tell. */
    static String name(Node node) {
        return node.id() < 0 ? node.address() : "broker " + node;
    }

    /** What went wrong, as the end of the sentence "127.0.0.1:9092 ...". */
    static String reason(Throwable failure) {
        if (failure instanceof ConnectionProblem problem) {
            return problem.getMessage();
        }
        if (failure instanceof SslAuthenticationException untrusted) {
            return untrusted.reason();
        }
        String message = failure.getMessage();
        if (failure instanceof UnknownHostException) {
            return "cannot be resolved: no such host" + (message == null || message.indexOf(' ') < 0 ? "" : " (" + message + ")"); // else it is the name
        }
        if (failure instanceof NoRouteToHostException || failure instanceof PortUnreachableException) {
            return "cannot be reached: no route to the host";
        }
        if (failure instanceof ConnectException) {
            return message == null || message.contains("refused") ? "refused the connection" : "cannot be connected to: " + message;
        }
        if (message == null) {
            return "failed: " + failure;
        }
        return message.contains("reset") || message.contains("roken pipe")
                ? "reset the connection"
                : "failed: " + message;
    }

    /** The peer ended the stream before it had answered anything. */
    static ConnectionProblem endedFirst() {
        return new ConnectionProblem("closed the connection without answering the first request;"
                + " a port that expects TLS does that when it is spoken to in plain text, and so does a server that is not Kafka");
    }

    /**
     * The peer told its versions and then ended the stream instead of answering a request: what a broker does that waits for SASL and gets something else.
     *
     * @param authenticated whether it was given that
     */
    static ConnectionProblem endedUnserved(boolean authenticated) {
        return new ConnectionProblem("closed the connection without answering any request" + (authenticated ? ""
                : "; a listener that expects SASL does that, and security.protocol names none; so does a broker that is going down"));
    }

    static ConnectionProblem ended(FrameReader.EndOfStream end) {
        return new ConnectionProblem("closed the connection" + (end.isInsideFrame() ? ": " + end.getMessage() : ""));
    }

    /** The peer ended the stream while the client was to be authenticated, and gave no reason, as brokers since Kafka 1.0 do if they have one. */
    static ConnectionProblem endedInAuthentication() {
        return new ConnectionProblem("closed the connection during authentication and did not say why; it may be going down, or its log may tell");
    }

    static ConnectionProblem silent(String duringWhat, Duration limit) {
        return new ConnectionProblem("did not " + duringWhat + " within " + Times.text(limit));
    }

    /** Nothing at all came from the peer. */
    static ConnectionProblem silentFirst(Duration limit) {
        return new ConnectionProblem("did not answer the first request within " + Times.text(limit)
                + "; this may not be the port of a Kafka broker");
    }

    /**
     * The failure of a request that was not answered in time, by the state of its connection.
     *
     * @param heldBy what keeps requests from being written; null if nothing does
     * @param way what is known of the way to the broker
     */
    static RequestTimeoutException expired(PendingRequest<?> request, Node node, ConnectionState state, @Nullable String heldBy, String way) {
        String sentence = request.api + " to " + name(node) + " was not answered within " + Times.text(request.options.timeout());
        String reason = switch (state) {
            case WAITING -> ": the connection waits for the next attempt; " + way;
            case CONNECTING, NEGOTIATING, AUTHENTICATING -> ": the connection was still being set up; " + way;
            case READY, CLOSING, CLOSED -> request.isWritten() ? "" : heldBy != null
                    ? ": " + heldBy + " and it was not sent" : ": it could not be written, other requests are before it";
        };
        return new RequestTimeoutException(sentence + reason, request.isWritten());
    }

    /** The failure of a request whose connection is over; {@code cause} is null if nothing was wrong with it. */
    static Throwable lost(PendingRequest<?> request, Node node, @Nullable Throwable cause) {
        if (cause instanceof ClientClosedException || cause instanceof AuthenticationException && !request.isWritten()) {
            return cause; // what was written before a session ended may have been received; what becomes of it is the next connection's to say
        }
        String reason = cause == null ? "moved to another address or left the cluster" : reason(cause);
        return new DisconnectException(request.api + " to " + name(node) + (request.isWritten()
                ? " was sent and not answered: the broker " : " was not sent: the broker ") + reason, cause, request.isWritten());
    }

    /** Looks at a length field that nobody may have meant as one. */
    static void checkSize(int size, int max, ByteBuffer begin, ApiKey awaited) throws IOException {
        if (size >= SMALLEST_FRAME && size <= max) {
            return;
        }
        if (looksLikeTls(size)) {
            throw new ConnectionProblem("answered with a TLS record: this is a TLS port, but the connection is set up as plain text");
        }
        if (size == HTTP) {
            throw new ConnectionProblem("answered in HTTP (\"" + firstLine(begin) + "\"): this is a web server's port, not a Kafka broker's");
        }
        if (isText(size)) {
            throw new ConnectionProblem("answered with text (\"" + firstLine(begin) + "\"): this is not a Kafka broker's port");
        }
        throw new ConnectionProblem("sent an answer to " + awaited + " that claims to be " + size + " bytes long; from " + SMALLEST_FRAME + " to "
                + max + " are possible" + (awaited == ApiKey.API_VERSIONS ? "; this may not be the port of a Kafka broker" : ""));
    }

    private static boolean looksLikeTls(int size) {
        int type = size >>> 24;
        int major = size >>> 16 & 0xff;
        int minor = size >>> 8 & 0xff;
        return type >= TLS_FIRST_TYPE && type <= TLS_LAST_TYPE && major == TLS_MAJOR && minor <= 4;
    }

    private static boolean isText(int size) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            if (!isPrintable((char) (size >>> shift & 0xff))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPrintable(char character) {
        return character >= ' ' && character <= '~';
    }

    private static String firstLine(ByteBuffer begin) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < Math.min(begin.limit(), 80); i++) {
            char character = (char) (begin.get(i) & 0xff);
            if (!isPrintable(character)) {
                break;
            }
            line.append(character);
        }
        return line.toString();
    }
}
