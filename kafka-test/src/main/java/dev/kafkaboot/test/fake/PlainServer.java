package dev.kafkaboot.test.fake;

import java.nio.charset.StandardCharsets;

/** PLAIN: one message with the user's name and password (RFC 4616). */
final class PlainServer implements SaslServer {

    private final FakeSasl sasl;
    private String user = "";
    private boolean complete;

    PlainServer(FakeSasl sasl) {
        this.sasl = sasl;
    }

    @Override
    public byte[] respond(byte[] message) {
        String[] parts = new String(message, StandardCharsets.UTF_8).split("\0", -1);
        if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
            throw new SaslRefusal("Invalid SASL/PLAIN response: expected 3 tokens, got " + parts.length);
        }
        FakeUser known = sasl.find(parts[1]);
        if (known == null || !known.password().equals(parts[2])) {
            throw new SaslRefusal("Authentication failed: Invalid username or password");
        }
        user = known.name();
        complete = true;
        return new byte[0];
    }

    @Override
    public boolean isComplete() {
        return complete;
    }

    @Override
    public String user() {
        return user;
    }
}
