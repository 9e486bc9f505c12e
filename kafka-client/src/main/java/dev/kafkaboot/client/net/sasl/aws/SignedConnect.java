package dev.kafkaboot.client.net.sasl.aws;

import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.net.sasl.fetch.JsonText;
import dev.kafkaboot.client.security.AwsCredentials;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is sent: the fields of a presigned request for {@code kafka-cluster:Connect}, by which the broker asks AWS who it is.
 *
 * @see <a href="https://github.com/aws/aws-msk-iam-auth#details">the description of the payload</a>
 */
final class SignedConnect {

    static final String VERSION = "2020_10_22";

    private static final String SERVICE = "kafka-cluster";
    private static final String ACTION = "kafka-cluster:Connect";
    private static final String EXPIRES_SECONDS = "900";
    private static final String USER_AGENT = "kafkaboot";

    private SignedConnect() {}

    static String payload(AwsCredentials credentials, String host, String region, Instant now) {
        SignatureV4 signature = new SignatureV4(region, SERVICE, now);
        Map<String, String> query = new TreeMap<>();
        query.put("Action", ACTION);
        query.put("X-Amz-Algorithm", SignatureV4.ALGORITHM);
        query.put("X-Amz-Credential", credentials.accessKeyId() + "/" + signature.scope());
        query.put("X-Amz-Date", signature.timestamp());
        query.put("X-Amz-Expires", EXPIRES_SECONDS);
        query.put("X-Amz-SignedHeaders", "host");
        Secret token = credentials.sessionToken();
        if (token != null) {
            query.put("X-Amz-Security-Token", token.reveal());
        }
        String signed = signature.ofGet("/", query, Map.of("host", host), credentials.secretAccessKey());

        Map<String, String> payload = new LinkedHashMap<>();
        payload.put("version", VERSION);
        payload.put("host", host);
        payload.put("user-agent", USER_AGENT);
        query.forEach((name, value) -> payload.put(name.toLowerCase(Locale.ROOT), value));
        payload.put("x-amz-signature", signed);
        return JsonText.of(payload);
    }
}
