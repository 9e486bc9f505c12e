package dev.kafkaboot.client.net.proxy;

import dev.kafkaboot.client.proxy.ProxyCredentials;
import dev.kafkaboot.client.proxy.ProxyException;
import dev.kafkaboot.client.proxy.ProxyExchange;
import dev.kafkaboot.client.proxy.ProxyTarget;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What is said to a SOCKS5 proxy: which ways of authentication there are, user name and password if it wants them, and where to connect to. */
final class Socks5Exchange implements ProxyExchange {

    private static final byte VERSION = 5;
    private static final byte NO_AUTHENTICATION = 0;
    private static final byte USER_AND_PASSWORD = 2;
    private static final byte NO_METHOD = (byte) 0xff;
    private static final byte AUTHENTICATION_VERSION = 1;
    private static final byte CONNECT = 1;
    private static final byte IPV4 = 1;
    private static final byte DOMAIN = 3;
    private static final byte IPV6 = 4;
    private static final int REPLY_HEAD = 4;
    private static final int PORT_SIZE = 2;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ProxyTarget target;
    private final @Nullable ProxyCredentials credentials;
    private Step step = Step.BEGIN;

    Socks5Exchange(ProxyTarget target, @Nullable ProxyCredentials credentials) {
        this.target = target;
        this.credentials = credentials;
    }

    private enum Step {
        BEGIN("be asked"),
        METHOD("answer the greeting of SOCKS5"),
        AUTHENTICATION("say whether it accepts the user name and password"),
        REPLY("say whether it has connected"),
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
        return step.awaited;
    }

    @Override
    public ByteBuffer proceed(ByteBuffer received) throws ProxyException {
        return switch (step) {
            case BEGIN -> greeting();
            case METHOD -> method(received);
            case AUTHENTICATION -> authenticated(received);
            case REPLY -> reply(received);
            case DONE -> NOTHING;
        };
    }

    private ByteBuffer greeting() {
        step = Step.METHOD;
        return credentials == null
                ? ByteBuffer.wrap(new byte[] {VERSION, 1, NO_AUTHENTICATION})
                : ByteBuffer.wrap(new byte[] {VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD});
    }

    private ByteBuffer method(ByteBuffer received) throws ProxyException {
        checkVersion(received);
        if (received.remaining() < 2) {
            return NOTHING;
        }
        received.get();
        byte method = received.get();
        if (method == NO_AUTHENTICATION) {
            return request();
        }
        if (method == USER_AND_PASSWORD && credentials != null) {
            return authentication(credentials);
        }
        if (method == NO_METHOD) {
            throw new ProxyException(credentials == null
                    ? "accepts nobody without authentication, and proxy.url has no user name and password"
                    : "accepts neither a user name with password nor to go without; other ways are not spoken");
        }
        throw new ProxyException("chose a way of authentication that was not offered (" + (method & 0xff) + ")");
    }

    private static void checkVersion(ByteBuffer received) throws ProxyException {
        if (!received.hasRemaining()) {
            return;
        }
        byte first = received.get(received.position());
        if (first == 'H') {
            throw new ProxyException("answered in HTTP, not in SOCKS5: should proxy.url begin with http?");
        }
        if (first != VERSION) {
            throw new ProxyException("does not speak SOCKS5: where its version is due it sent " + (first & 0xff));
        }
    }

    private ByteBuffer authentication(ProxyCredentials given) {
        step = Step.AUTHENTICATION;
        byte[] user = given.user().getBytes(StandardCharsets.UTF_8);
        byte[] password = given.password().reveal().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(3 + user.length + password.length)
                .put(AUTHENTICATION_VERSION)
                .put((byte) user.length).put(user)
                .put((byte) password.length).put(password)
                .flip();
    }

    private ByteBuffer authenticated(ByteBuffer received) throws ProxyException {
        if (received.remaining() < 2) {
            return NOTHING;
        }
        received.get(); // its version: some say 1, as the RFC has it, and some 5
        byte status = received.get();
        if (status != 0) {
            throw new ProxyException("refused the user name and password (status " + (status & 0xff) + ")");
        }
        return request();
    }

    private ByteBuffer request() {
        step = Step.REPLY;
        byte[] address = target.address() == null ? target.host().getBytes(StandardCharsets.US_ASCII) : target.address().getAddress();
        ByteBuffer request = ByteBuffer.allocate(REPLY_HEAD + 1 + address.length + PORT_SIZE).put(VERSION).put(CONNECT).put((byte) 0);
        if (target.address() == null) {
            request.put(DOMAIN).put((byte) address.length);
        } else {
            request.put(address.length == 4 ? IPV4 : IPV6);
        }
        return request.put(address).putShort((short) target.port()).flip();
    }

    private ByteBuffer reply(ByteBuffer received) throws ProxyException {
        checkVersion(received);
        int begin = received.position();
        if (received.remaining() >= 2 && received.get(begin + 1) != 0) { // what follows may never come
            throw new ProxyException("answered: " + refusal(received.get(begin + 1) & 0xff));
        }
        if (received.remaining() < REPLY_HEAD + 1) {
            return NOTHING;
        }
        int size = REPLY_HEAD + PORT_SIZE + switch (received.get(begin + 3)) {
            case IPV4 -> 4;
            case IPV6 -> 16;
            case DOMAIN -> 1 + (received.get(begin + REPLY_HEAD) & 0xff);
            default -> throw new ProxyException("sent an address of an unknown type (" + (received.get(begin + 3) & 0xff) + ")");
        };
        if (received.remaining() >= size) {
            received.position(begin + size);
            step = Step.DONE;
        }
        return NOTHING;
    }

    /** The reply codes of RFC 1928, section 6. */
    private static String refusal(int code) {
        return switch (code) {
            case 1 -> "general failure of the SOCKS server (1)";
            case 2 -> "its rules do not allow the connection (2)";
            case 3 -> "the network cannot be reached (3)";
            case 4 -> "the host cannot be reached (4)";
            case 5 -> "the connection was refused (5)";
            case 6 -> "the time to live has expired (6)";
            case 7 -> "the command is not supported (7)";
            case 8 -> "the type of address is not supported (8)";
            default -> "failure " + code + ", which the standard does not know";
        };
    }
}
