package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.UnsupportedVersionException;
import org.junit.jupiter.api.Test;

class ProducerIdsTest {

    @Test
    void refusedCredentialsAreToldAsTheyAreAndNotAsAMissingRight() {
        AuthenticationException refused = new AuthenticationException("no such user");

        assertThat(ProducerIds.refusal(refused)).isSameAs(refused);
    }

    @Test
    void missingRightIsNamed() {
        BrokerException refused = new BrokerException("The producer's id", ErrorCode.CLUSTER_AUTHORIZATION_FAILED, ApiKey.INIT_PRODUCER_ID, null, null);

        assertThat(ProducerIds.refusal(refused)).hasMessageContaining("IDEMPOTENT_WRITE").hasMessageContaining("CLUSTER_AUTHORIZATION_FAILED").hasCause(refused);
    }

    @Test
    void whatIsNoRefusalIsNotToldAsAMissingRight() {
        UnsupportedVersionException old = new UnsupportedVersionException("the broker does not know it");

        assertThat(ProducerIds.refusal(old)).hasMessageContaining("does not know it").hasMessageContaining("enable.idempotence=false").hasCause(old);
        assertThat(ProducerIds.refusal(old).getMessage()).doesNotContain("right");
    }
}
