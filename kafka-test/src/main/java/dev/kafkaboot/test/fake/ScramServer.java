package dev.kafkaboot.test.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** SCRAM: two messages each way (RFC 5802). It keeps passwords in the clear, as a real broker does not. */
final class ScramServer implements SaslServer {

    private static final Base64.Encoder BASE64 = Base64.getEncoder();

    private final FakeSasl sasl;
    private final String hash;
    private final long number;
    private @Nullable FakeUser known;
    private String clientFirst = "";
    private String serverFirst = "";
    private String nonce = "";
    private boolean complete;

    /** The number makes the nonce another one each time. */
    ScramServer(FakeSasl sasl, String hash, long number) {
        this.sasl = sasl;
        this.hash = hash;
        this.number = number;
    }

    @Override
    public byte[] respond(byte[] message) {
        String text = new String(message, UTF_8);
        FakeUser user = known;
        return (user == null ? begin(text) : end(user, text)).getBytes(UTF_8);
    }

    private String begin(String text) {
        String[] fields = text.split(",", -1);
        if (fields.length < 4 || !fields[0].equals("n") || !fields[2].startsWith("n=") || !fields[3].startsWith("r=")) {
            throw new SaslRefusal("Invalid SCRAM client first message format");
        }
        String name = fields[2].substring(2).replace("=2C", ",").replace("=3D", "=");
        FakeUser found = sasl.find(name);
        if (found == null) {
            throw refused();
        }
        known = found;
        clientFirst = text.substring(text.indexOf(",n=") + 1);
        nonce = fields[3].substring(2) + "fake" + number;
        serverFirst = "r=" + nonce + ",s=" + BASE64.encodeToString(found.salt()) + ",i=" + found.iterations();
        return serverFirst;
    }

    private String end(FakeUser user, String text) {
        int proofAt = text.lastIndexOf(",p=");
        if (proofAt < 0 || !text.startsWith("c=biws,r=" + nonce)) {
            throw new SaslRefusal("Invalid SCRAM client final message format");
        }
        byte[] authMessage = (clientFirst + "," + serverFirst + "," + text.substring(0, proofAt)).getBytes(UTF_8);
        byte[] clientKey = hmac(user.salted(hash), "Client Key".getBytes(UTF_8));
        byte[] expected = hmac(digest(clientKey), authMessage);
        for (int i = 0; i < expected.length; i++) {
            expected[i] ^= clientKey[i];
        }
        if (!BASE64.encodeToString(expected).equals(text.substring(proofAt + 3))) {
            throw refused();
        }
        complete = true;
        return "v=" + BASE64.encodeToString(hmac(hmac(user.salted(hash), "Server Key".getBytes(UTF_8)), authMessage));
    }

    private SaslRefusal refused() {
        return new SaslRefusal("Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-"
                + hash.replace("SHA", "SHA-"));
    }

    private byte[] hmac(byte[] key, byte[] input) {
        try {
            Mac mac = Mac.getInstance("Hmac" + hash);
            mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
            return mac.doFinal(input);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private byte[] digest(byte[] input) {
        try {
            return MessageDigest.getInstance(hash.replace("SHA", "SHA-")).digest(input);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    @Override
    public boolean isComplete() {
        return complete;
    }

    @Override
    public String user() {
        FakeUser user = known;
        return user == null ? "" : user.name();
    }
}
