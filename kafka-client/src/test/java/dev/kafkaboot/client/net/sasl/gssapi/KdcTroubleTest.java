package dev.kafkaboot.client.net.sasl.gssapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketTimeoutException;
import javax.security.auth.login.LoginException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts are those of the JDK 17: {@code new sun.security.krb5.KrbException(29).getMessage()}. */
class KdcTroubleTest {

    @ParameterizedTest
    @ValueSource(strings = {"Client not yet valid - try again later (21)", "null (29)", "Ticket not yet valid (33)", "Request is a replay (34)",
        "Request is a replay (34) - LOOKING_UP_SERVER", "Cannot locate KDC"})
    void answerThatMayBeAnotherLaterPasses(String told) {
        Exception wrapped = new IllegalStateException("No valid credentials provided", new LoginException(told));

        assertThat(KdcTrouble.mayPass(new LoginException(told))).isTrue();
        assertThat(KdcTrouble.mayPass(wrapped)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Client not found in Kerberos database (6)", "Server not found in Kerberos database (7) - LOOKING_UP_SERVER",
        "Pre-authentication information was invalid (24)", "Clock skew too great (37)", "Cannot locate default realm"})
    void refusalDoesNot(String told) {
        assertThat(KdcTrouble.mayPass(new LoginException(told))).isFalse();
    }

    @Test
    void brokenNetworkPasses() {
        assertThat(KdcTrouble.mayPass(new IllegalStateException("odd", new SocketTimeoutException()))).isTrue();
    }
}
