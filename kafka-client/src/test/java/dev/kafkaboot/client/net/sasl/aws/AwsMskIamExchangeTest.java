package dev.kafkaboot.client.net.sasl.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.net.sasl.fetch.Json;
import dev.kafkaboot.client.net.sasl.fetch.SteppedContext;
import dev.kafkaboot.client.security.AwsCredentials;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsMskIamExchangeTest {

    private static final String HOST = "b-1.orders.abc123.c2.kafka.eu-west-1.amazonaws.com";
    private static final Surroundings NOTHING = Surroundings.of(name -> null, name -> null, Path.of("nowhere"));
    private static final AwsCredentials TEMPORARY = new AwsCredentials("AKIDEXAMPLE", Secret.of("s3cret"), Secret.of("to/ken+="), null);

    private static AwsMskIamExchange exchange(String host, boolean encrypted, AwsCredentials credentials) {
        SteppedContext context = new SteppedContext(host, encrypted, Instant.parse("2020-10-22T01:02:03Z").toEpochMilli());
        return new AwsMskIamExchange(context, new Region(null, NOTHING), () -> CompletableFuture.completedFuture(credentials));
    }

    private static Map<String, Object> payload(AwsCredentials credentials) {
        byte[] message = exchange(HOST, /* encrypted= */ true, credentials).respond(null).join();
        return Json.object(message == null ? new byte[0] : message);
    }

    /** The fields of the description at github.com/aws/aws-msk-iam-auth, each with the value that it has there. */
    @Test
    void payloadHasTheFieldsOfTheDescription() {
        Map<String, Object> payload = payload(TEMPORARY);

        String signature = String.valueOf(payload.remove("x-amz-signature"));
        assertThat(signature).matches("[0-9a-f]{64}");
        assertThat(payload).containsOnly(
                Map.entry("version", "2020_10_22"),
                Map.entry("host", HOST),
                Map.entry("user-agent", "kafkaboot"),
                Map.entry("action", "kafka-cluster:Connect"),
                Map.entry("x-amz-algorithm", "AWS4-HMAC-SHA256"),
                Map.entry("x-amz-credential", "AKIDEXAMPLE/20201022/eu-west-1/kafka-cluster/aws4_request"),
                Map.entry("x-amz-date", "20201022T010203Z"),
                Map.entry("x-amz-security-token", "to/ken+="),
                Map.entry("x-amz-signedheaders", "host"),
                Map.entry("x-amz-expires", "900"));
    }

    @Test
    void keyThatIsNotTemporaryHasNoToken() {
        assertThat(payload(new AwsCredentials("AKIDEXAMPLE", Secret.of("s3cret"), null, null))).doesNotContainKey("x-amz-security-token");
    }

    @Test
    void nothingIsSentOverAConnectionWithoutEncryption() {
        assertThat(exchange(HOST, /* encrypted= */ false, TEMPORARY).respond(null)).failsWithin(Duration.ZERO).withThrowableThat()
                .withCauseInstanceOf(AuthenticationException.class).withMessageContaining("over TLS only");
    }

    @ParameterizedTest
    @CsvSource({
        "b-1.orders.abc123.c2.kafka.eu-west-1.amazonaws.com,eu-west-1",
        "boot-x1.c1.kafka-serverless.us-east-1.amazonaws.com,us-east-1",
        "b-2-public.orders.abc.c3.kafka.cn-north-1.amazonaws.com.cn,cn-north-1",
        "B-1.Orders.C2.KAFKA.US-GOV-WEST-1.AMAZONAWS.COM.,us-gov-west-1"})
    void regionIsInTheBrokersName(String host, String region) {
        assertThat(new Region(null, NOTHING).of(host)).isEqualTo(region);
    }

    @Test
    void regionOfTheConfigurationCountsMostAndThatOfTheEnvironmentLeast() {
        Surroundings environment = Surroundings.of(name -> null, name -> name.equals("AWS_REGION") ? "us-west-2" : null, Path.of("nowhere"));

        assertThat(new Region("eu-north-1", environment).of(HOST)).isEqualTo("eu-north-1");
        assertThat(new Region(null, environment).of(HOST)).isEqualTo("eu-west-1");
        assertThat(new Region(null, environment).of("vpce-1.internal")).isEqualTo("us-west-2");
    }

    @Test
    void unknownRegionIsTold() {
        assertThat(exchange("broker.internal", /* encrypted= */ true, TEMPORARY).respond(null)).failsWithin(Duration.ZERO).withThrowableThat()
                .withMessageContaining("The region of broker.internal is not known").withMessageContaining("sasl.aws.region");
    }

    @Test
    void answerOfTheBrokerEndsIt() {
        AwsMskIamExchange exchange = exchange(HOST, /* encrypted= */ true, TEMPORARY);
        exchange.respond(null).join();

        byte[] answer = exchange.respond("{\"version\":\"2020_10_22\",\"request-id\":\"1\"}".getBytes(StandardCharsets.UTF_8)).join();

        assertThat(answer).isNull();
        assertThat(exchange.isComplete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "nonsense", "{\"version\":\"2031_01_01\"}"})
    void anyOtherAnswerIsNotBelieved(String answer) {
        AwsMskIamExchange exchange = exchange(HOST, /* encrypted= */ true, TEMPORARY);
        exchange.respond(null).join();

        assertThat(exchange.respond(answer.getBytes(StandardCharsets.UTF_8))).isCompletedExceptionally();
        assertThat(exchange.isComplete()).isFalse();
    }
}
