package dev.kafkaboot.client.net.sasl.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.AwsConfig;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.LoginConfig;
import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.net.sasl.fetch.CredentialSource;
import dev.kafkaboot.client.net.sasl.fetch.IdentityProvider;
import dev.kafkaboot.client.net.sasl.fetch.Moment;
import dev.kafkaboot.client.security.AwsCredentials;
import dev.kafkaboot.client.security.AwsCredentialsSupplier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AwsCredentialChainTest {

    private static final Instant EXPIRY = Instant.parse("2030-01-02T03:04:05Z");
    private static final String ENDPOINT_ANSWER =
            "{\"AccessKeyId\":\"ASIA1\",\"SecretAccessKey\":\"s3cret\",\"Token\":\"t0ken\",\"Expiration\":\"2030-01-02T03:04:05Z\"}";
    private static final AwsCredentials OF_ENDPOINT = new AwsCredentials("ASIA1", Secret.of("s3cret"), Secret.of("t0ken"), EXPIRY);

    @TempDir
    private Path home;

    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> variables = new HashMap<>(Map.of("AWS_EC2_METADATA_DISABLED", "true"));
    private final Map<String, String> jaasOptions = new HashMap<>();
    private final Map<String, Object> config = new HashMap<>();

    private CredentialSource<AwsCredentials> chain() {
        ClientConfig given = ClientConfig.of(ConfigKey.union(LoginConfig.KEYS, AwsConfig.KEYS), config);
        return AwsCredentialChain.of(given, jaasOptions, Surroundings.of(properties::get, variables::get, home));
    }

    private AwsCredentials fetch() throws Exception {
        return chain().fetch(new Moment(1_000L, "unique"));
    }

    private static AwsCredentials key(String id) {
        return new AwsCredentials(id, Secret.of("s3cret"), null, null);
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(home.resolve(".aws"));
        Files.writeString(home.resolve(".aws").resolve(file), text);
    }

    @Test
    void supplierCountsForMoreThanAnything() throws Exception {
        variables.putAll(Map.of("AWS_ACCESS_KEY_ID", "ENV", "AWS_SECRET_ACCESS_KEY", "s3cret"));
        AwsCredentialsSupplier supplier = () -> key("SUPPLIED");
        config.put("sasl.aws.credentials.supplier", supplier);

        assertThat(fetch()).isEqualTo(key("SUPPLIED"));
    }

    @Test
    void systemPropertiesComeBeforeTheEnvironment() throws Exception {
        variables.putAll(Map.of("AWS_ACCESS_KEY_ID", "ENV", "AWS_SECRET_ACCESS_KEY", "s3cret", "AWS_SESSION_TOKEN", "t"));
        assertThat(fetch()).isEqualTo(new AwsCredentials("ENV", Secret.of("s3cret"), Secret.of("t"), null));

        properties.putAll(Map.of("aws.accessKeyId", "PROPERTY", "aws.secretAccessKey", "s3cret"));

        assertThat(fetch()).isEqualTo(key("PROPERTY"));
    }

    @Test
    void halfAKeyIsAFaultAndNotPassedOver() throws Exception {
        write("credentials", "[default]\naws_access_key_id=FILE\naws_secret_access_key=s3cret\n");
        variables.put("AWS_ACCESS_KEY_ID", "ENV");

        assertThatThrownBy(this::fetch).isInstanceOf(AuthenticationException.class).hasMessageContaining("AWS_SECRET_ACCESS_KEY one is missing");
    }

    @Test
    void profileIsReadFromBothFilesAndCredentialsCountForMore() throws Exception {
        write("config", "[default]\naws_access_key_id = CONFIG\n[profile  dev]\naws_access_key_id=DEVCONFIG\naws_secret_access_key=s3cret\n");
        write("credentials", """
                # comment
                [other]
                aws_access_key_id=OTHER
                [default]
                ; comment
                aws_access_key_id = FILE
                aws_secret_access_key=s3cret
                nested =
                  aws_access_key_id=NESTED
                """.replace("FILE", "FILE\r"));

        assertThat(fetch()).isEqualTo(key("FILE"));
        variables.put("AWS_PROFILE", "dev");
        assertThat(fetch()).isEqualTo(key("DEVCONFIG"));
    }

    @Test
    void namedProfileWithoutAKeyIsAFault() throws Exception {
        write("config", "[profile dev]\nrole_arn=arn:aws:iam::1:role/x\n");
        config.put("sasl.aws.profile", "dev");
        variables.putAll(Map.of("AWS_ACCESS_KEY_ID", "ENV", "AWS_SECRET_ACCESS_KEY", "s3cret"));

        assertThatThrownBy(this::fetch).isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("Profile 'dev' has no access key").hasMessageContaining("sasl.aws.credentials.supplier");
    }

    @Test
    void profileMayBeAnOptionOfJaasAndTheKeyCountsForMore() throws Exception {
        write("credentials", "[dev]\naws_access_key_id=DEV\naws_secret_access_key=s3cret\n[prod]\naws_access_key_id=PROD\naws_secret_access_key=s3cret\n");
        variables.putAll(Map.of("AWS_ACCESS_KEY_ID", "ENV", "AWS_SECRET_ACCESS_KEY", "s3cret"));
        jaasOptions.put("awsProfileName", "dev");

        assertThat(fetch()).isEqualTo(key("DEV"));
        config.put("sasl.aws.profile", "prod");
        assertThat(fetch()).isEqualTo(key("PROD"));
    }

    @Test
    void webIdentityIsChangedForCredentials() throws Exception {
        Path token = Files.writeString(home.resolve("token"), "id+token\n");
        try (IdentityProvider sts = IdentityProvider.http(IdentityProvider.json(200, "{\"AssumeRoleWithWebIdentityResponse\":{"
                + "\"AssumeRoleWithWebIdentityResult\":{\"Credentials\":{\"AccessKeyId\":\"ASIA1\",\"SecretAccessKey\":\"s3cret\",\"SessionToken\":\"t0ken\","
                + "\"Expiration\":" + EXPIRY.getEpochSecond() + ".0}}}}"))) {
            variables.putAll(Map.of("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString(), "AWS_ROLE_ARN", "arn:aws:iam::1:role/x"));
            config.put("sasl.aws.sts.endpoint.url", sts.url("/").toString());

            assertThat(fetch()).isEqualTo(OF_ENDPOINT);
            assertThat(sts.asked()).singleElement().satisfies(asked -> assertThat(asked.form()).containsExactly(
                    Map.entry("Action", "AssumeRoleWithWebIdentity"), Map.entry("Version", "2011-06-15"), Map.entry("RoleArn", "arn:aws:iam::1:role/x"),
                    Map.entry("RoleSessionName", "kafkaboot-1000"), Map.entry("WebIdentityToken", "id+token")));
        }
    }

    @Test
    void webIdentityStaysTheSamePrincipalWhenItsCredentialsAreRenewed() throws Exception {
        Path token = Files.writeString(home.resolve("token"), "id+token\n");
        try (IdentityProvider sts = IdentityProvider.http(IdentityProvider.json(503, ""))) {
            variables.putAll(Map.of("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString(), "AWS_ROLE_ARN", "arn:aws:iam::1:role/x"));
            config.put("sasl.aws.sts.endpoint.url", sts.url("/").toString());
            CredentialSource<AwsCredentials> chain = chain();

            assertThatThrownBy(() -> chain.fetch(new Moment(1_000L, "unique"))).isInstanceOf(CredentialsUnavailableException.class);
            assertThatThrownBy(() -> chain.fetch(new Moment(2_000L, "another"))).isInstanceOf(CredentialsUnavailableException.class);

            assertThat(sts.asked()).hasSize(2).extracting(asked -> asked.form().get("RoleSessionName")).containsOnly("kafkaboot-1000");
        }
    }

    @Test
    void containersEndpointIsAskedWithItsToken() throws Exception {
        Path token = Files.writeString(home.resolve("token"), "pod-token\n");
        try (IdentityProvider endpoint = IdentityProvider.http(IdentityProvider.json(200, ENDPOINT_ANSWER))) {
            variables.putAll(Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", endpoint.url("/v1/credentials").toString(),
                    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.toString()));

            assertThat(fetch()).isEqualTo(OF_ENDPOINT);
            assertThat(endpoint.asked()).singleElement()
                    .satisfies(asked -> assertThat(asked.headers()).containsEntry("Authorization", "pod-token"));
        }
    }

    @Test
    void containersEndpointElsewhereMustBeHttps() {
        variables.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://10.0.0.1/credentials");

        assertThatThrownBy(this::fetch).isInstanceOf(AuthenticationException.class).hasMessageContaining("must be https, or be one of");
    }

    @Test
    void instanceIsAskedWithinASession() throws Exception {
        variables.remove("AWS_EC2_METADATA_DISABLED");
        try (IdentityProvider metadata = IdentityProvider.http((exchange, asked) -> {
            String body = asked.path().endsWith("/token") ? "session" : asked.path().endsWith("/") ? "role-1" : ENDPOINT_ANSWER;
            IdentityProvider.text(200, "text/plain".repeat(asked.path().endsWith("role-1") ? 0 : 1), body).send(exchange, asked);
        })) {
            config.put("sasl.aws.imds.endpoint.url", metadata.url("/").toString());

            assertThat(fetch()).isEqualTo(OF_ENDPOINT);
            assertThat(metadata.asked()).extracting(asked -> asked.method() + " " + asked.path() + " " + asked.headers().get("X-aws-ec2-metadata-token"))
                    .containsExactly("PUT /latest/api/token null", "GET /latest/meta-data/iam/security-credentials/ session",
                            "GET /latest/meta-data/iam/security-credentials/role-1 session");
        }
    }

    @Test
    void refusalOfAnEndpointIsFinalAndAnOutageIsNot() {
        try (IdentityProvider endpoint = IdentityProvider.http(IdentityProvider.json(403, "{\"message\":\"s3cret\"}"))) {
            variables.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", endpoint.url("/c").toString());

            assertThatThrownBy(this::fetch).isInstanceOf(AuthenticationException.class)
                    .hasMessageEndingWith("/c answered the request for AWS credentials with status 403");
            endpoint.answerWith(IdentityProvider.json(503, ""));
            assertThatThrownBy(this::fetch).isInstanceOf(CredentialsUnavailableException.class).hasMessageEndingWith("status 503");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Throttling, true", "ThrottlingException, true", "RequestLimitExceeded, true", "IDPCommunicationError, true", "InvalidIdentityToken, true",
        "ExpiredTokenException, true", "AccessDenied, false", "MalformedPolicyDocument, false"})
    void refusalOfStsPassesOrNotByItsCode(String code, boolean passes) throws Exception {
        Path token = Files.writeString(home.resolve("token"), "id+token\n");
        String json = "{\"Error\":{\"Code\":\"" + code + "\",\"Message\":\"s3cret\",\"Type\":\"Sender\"},\"RequestId\":\"1\"}";
        String xml = "<ErrorResponse><Error><Code>" + code + "</Code><Message>s3cret</Message></Error></ErrorResponse>";
        Class<?> expected = passes ? CredentialsUnavailableException.class : AuthenticationException.class;
        try (IdentityProvider sts = IdentityProvider.http(IdentityProvider.json(400, json))) {
            variables.putAll(Map.of("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString(), "AWS_ROLE_ARN", "arn:aws:iam::1:role/x"));
            config.put("sasl.aws.sts.endpoint.url", sts.url("/").toString());

            assertThatThrownBy(this::fetch).isInstanceOf(expected).hasMessageEndingWith("with status 400: " + code);
            sts.answerWith(IdentityProvider.text(400, "text/xml", xml));
            assertThatThrownBy(this::fetch).isInstanceOf(expected).hasMessageEndingWith("with status 400: " + code);
        }
    }

    @Test
    void whatIsNoCodeIsNotShown() {
        try (IdentityProvider endpoint = IdentityProvider.http(IdentityProvider.json(400, "{\"code\":\"it was s3cret\"}"))) {
            variables.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", endpoint.url("/c").toString());

            assertThatThrownBy(this::fetch).isInstanceOf(AuthenticationException.class).hasMessageEndingWith("with status 400");
        }
    }

    @Test
    void instanceWithoutARoleMayGetOne() {
        variables.remove("AWS_EC2_METADATA_DISABLED");
        try (IdentityProvider metadata = IdentityProvider.http((exchange, asked) ->
                IdentityProvider.text(asked.path().endsWith("/token") ? 200 : 404, "text/plain", "session").send(exchange, asked))) {
            config.put("sasl.aws.imds.endpoint.url", metadata.url("/").toString());

            assertThatThrownBy(this::fetch).isInstanceOf(CredentialsUnavailableException.class).hasMessageEndingWith("with status 404: the instance has no role, or not yet");
        }
    }

    @Test
    void machineThatIsNoInstanceIsToldWhereCredentialsMayBe() {
        variables.remove("AWS_EC2_METADATA_DISABLED");
        try (IdentityProvider metadata = IdentityProvider.http(IdentityProvider.json(503, ""))) {
            config.put("sasl.aws.imds.endpoint.url", metadata.url("/").toString());

            assertThatThrownBy(this::fetch).isInstanceOf(CredentialsUnavailableException.class)
                    .hasMessageStartingWith("No credentials of AWS were found in system properties, environment, web identity, profile files or container; "
                            + "the instance's metadata service: http://127.0.0.1:")
                    .hasMessageEndingWith("with status 503");
        }
    }

    @Test
    void nothingAnywhereIsTold() {
        assertThatThrownBy(this::fetch).isInstanceOf(CredentialsUnavailableException.class).hasMessageContaining("No credentials of AWS were found");
    }

    @Test
    void secretsAreNotPrinted() {
        assertThat(OF_ENDPOINT.toString()).contains("ASIA1").doesNotContain("s3cret").doesNotContain("t0ken");
    }
}
