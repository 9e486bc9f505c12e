package dev.kafkaboot.client.net.sasl.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.Secret;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignatureV4Test {

    private static final Secret EXAMPLE_KEY = Secret.of("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    private static final Instant EXAMPLE_TIME = Instant.parse("2015-08-30T12:36:00Z");

    /** "get-vanilla" of AWS's test suite. */
    @Test
    void requestWithoutAnythingIsSigned() {
        SignatureV4 signature = new SignatureV4("us-east-1", "service", EXAMPLE_TIME);

        String signed = signature.ofGet("/", Map.of(), Map.of("host", "example.amazonaws.com", "x-amz-date", signature.timestamp()), EXAMPLE_KEY);

        assertThat(signed).isEqualTo("5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    }

    /** "get-vanilla-query-order-key-case" of AWS's test suite. */
    @Test
    void queryIsSignedInTheOrderOfItsNames() {
        SignatureV4 signature = new SignatureV4("us-east-1", "service", EXAMPLE_TIME);

        String signed = signature.ofGet("/", Map.of("Param2", "value2", "Param1", "value1"),
                Map.of("host", "example.amazonaws.com", "x-amz-date", signature.timestamp()), EXAMPLE_KEY);

        assertThat(signed).isEqualTo("b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
    }

    /** The example of AWS's description of the signature, ListUsers of IAM. */
    @Test
    void exampleOfTheDescriptionIsSigned() {
        SignatureV4 signature = new SignatureV4("us-east-1", "iam", EXAMPLE_TIME);

        String signed = signature.ofGet("/", Map.of("Action", "ListUsers", "Version", "2010-05-08"),
                Map.of("content-type", "application/x-www-form-urlencoded; charset=utf-8", "host", "iam.amazonaws.com", "x-amz-date", signature.timestamp()),
                EXAMPLE_KEY);

        assertThat(signed).isEqualTo("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
    }

    /** A request that aws-iam-authenticator presigned, as the tests of pplu/AWSv4Signer (t/03_eks.t) have it: the form that MSK's is of. */
    @Test
    void presignedRequestIsSigned() {
        SignatureV4 signature = new SignatureV4("us-east-1", "sts", Instant.parse("2018-07-23T14:57:07Z"));

        String signed = signature.ofGet("/", Map.of("Action", "GetCallerIdentity", "Version", "2011-06-15", "X-Amz-Algorithm", "AWS4-HMAC-SHA256",
                        "X-Amz-Credential", "AKIAKIAKIAKIAKIAKIAK/" + signature.scope(), "X-Amz-Date", signature.timestamp(), "X-Amz-Expires", "60",
                        "X-Amz-SignedHeaders", "host;x-k8s-aws-id"),
                Map.of("host", "sts.amazonaws.com", "x-k8s-aws-id", "scrumptious-wardrobe-1531912697"), Secret.of("1".repeat(40)));

        assertThat(signed).isEqualTo("7a9107b9da0017ba3c84c6331d1aed6afe1de75da6c39ea786c01c31141052a8");
    }

    @Test
    void whatIsNotPlainIsEncodedAsRfc3986HasIt() {
        assertThat(SignatureV4.encoded("aZ09-._~ /+*=é")).isEqualTo("aZ09-._~%20%2F%2B%2A%3D%C3%A9");
    }
}
