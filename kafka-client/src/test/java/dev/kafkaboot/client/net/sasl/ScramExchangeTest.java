package dev.kafkaboot.client.net.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.security.SaslExchange;
import dev.kafkaboot.client.security.UserCredentials;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScramExchangeTest {

    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO".repeat(2).substring(0, 32);
    private static final String SALT = "W22ZaJ0SNY7soEsUEjb6gQ==";

    private final ScriptedContext context = new ScriptedContext(NONCE);

    private ScramMechanism mechanism(ScramHash hash, UserCredentials credentials) {
        return new ScramMechanism(hash, Credentials.fixed(credentials), new ScramRules(1_000_000, /* prepares= */ true));
    }

    private SaslExchange begin(UserCredentials credentials) {
        return mechanism(ScramHash.SHA_256, credentials).begin(context);
    }

    private static String text(byte[] message) {
        return new String(message, UTF_8);
    }

    /** RFC 7677, 3: the nonce there is not Base64 of 24 bytes, so the messages are put together here, and the proof and the signature are the RFC's. */
    @Test
    void proofAndSignatureAreThoseOfTheRfc() {
        String authMessage = "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
                + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

        ScramKeys keys = ScramKeys.derive(ScramHash.SHA_256, "pencil", Base64.getDecoder().decode(SALT), 4096);

        assertThat(Base64.getEncoder().encodeToString(keys.clientProof(authMessage))).isEqualTo("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        assertThat(keys.isOfServer(Base64.getDecoder().decode("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="), authMessage)).isTrue();
        assertThat(keys.isOfServer(new byte[32], authMessage)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"SHA_256", "SHA_512"})
    void bothSidesProveThemselves(ScramHash hash) {
        SaslExchange exchange = mechanism(hash, UserCredentials.of("user", "pencil")).begin(context);

        assertThat(text(exchange.respond(null).join())).isEqualTo("n,,n=user,r=" + NONCE);
        String serverFirst = "r=" + NONCE + "more,s=" + SALT + ",i=4096";
        String proof = text(exchange.respond(serverFirst.getBytes(UTF_8)).join());
        assertThat(proof).startsWith("c=biws,r=" + NONCE + "more,p=");
        assertThat(exchange.isComplete()).isFalse();
        assertThat(exchange.respond(serverFinal(hash, "pencil", serverFirst)).join()).isNull();
        assertThat(exchange.isComplete()).isTrue();
    }

    private static byte[] serverFinal(ScramHash hash, String password, String serverFirst) {
        byte[] salted = hash.salted(password, Base64.getDecoder().decode(SALT), 4096);
        String authMessage = "n=user,r=" + NONCE + "," + serverFirst + ",c=biws,r=" + NONCE + "more";
        byte[] signature = hash.hmac(hash.hmac(salted, "Server Key".getBytes(UTF_8)), authMessage.getBytes(UTF_8));
        return ("v=" + Base64.getEncoder().encodeToString(signature)).getBytes(UTF_8);
    }

    @Test
    void brokerThatDoesNotKnowThePasswordIsNotTrusted() {
        SaslExchange exchange = begin(UserCredentials.of("user", "pencil"));
        exchange.respond(null).join();
        String serverFirst = "r=" + NONCE + "more,s=" + SALT + ",i=4096";
        exchange.respond(serverFirst.getBytes(UTF_8)).join();

        assertThatThrownBy(() -> exchange.respond(serverFinal(ScramHash.SHA_256, "pencils", serverFirst)))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("signature is wrong");
        assertThat(exchange.isComplete()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                                     | no nonce",
        "r=other,s=QUJD,i=4096                  | does not extend",
        "r=NONCE,s=QUJD,i=4096                  | does not extend",
        "r=NONCEx                               | no salt",
        "r=NONCEx,s=,i=4096                     | no salt",
        "r=NONCEx,s=***,i=4096                  | salt that is not Base64",
        "r=NONCEx,s=QUJD                        | no iteration count",
        "r=NONCEx,s=QUJD,i=many                 | not a number: many",
        "r=NONCEx,s=QUJD,i=-4096                | not a number",
        "r=NONCEx,s=QUJD,i=4095                 | fewer than the 4096",
        "r=NONCEx,s=QUJD,i=1000001              | more than the 1000000",
        "r=NONCEx,s=QUJD,i=9999999999           | more than the 1000000",
        "s=QUJD,r=NONCEx,i=4096                 | no nonce",
        "m=ext,r=NONCEx,s=QUJD,i=4096           | demands an extension",
        "e=unknown-user                         | unknown-user"
    })
    void malformedFirstMessageIsRefused(String message, String reason) {
        SaslExchange exchange = begin(UserCredentials.of("user", "pencil"));
        exchange.respond(null).join();
        byte[] challenge = message.replace("NONCE", NONCE).getBytes(UTF_8);

        assertThatThrownBy(() -> exchange.respond(challenge).join()).isInstanceOf(AuthenticationException.class).hasMessageContaining(reason);
        assertThat(context.offloaded).isZero();
    }

    @Test
    void messageThatIsNoTextOrTooLongIsRefused() {
        SaslExchange exchange = begin(UserCredentials.of("user", "pencil"));
        exchange.respond(null).join();

        assertThatThrownBy(() -> exchange.respond(new byte[] {(byte) 0xC3})).hasMessageContaining("not UTF-8");
        assertThatThrownBy(() -> exchange.respond(new byte[4097])).hasMessageContaining("4097 bytes");
    }

    @Test
    void brokersReasonInTheLastMessageIsTold() {
        SaslExchange exchange = begin(UserCredentials.of("user", "pencil"));
        exchange.respond(null).join();
        exchange.respond(("r=" + NONCE + "x,s=QUJD,i=4096").getBytes(UTF_8)).join();

        assertThatThrownBy(() -> exchange.respond("e=invalid-proof".getBytes(UTF_8))).hasMessageContaining("invalid-proof");
        assertThat(exchange.isComplete()).isFalse();
    }

    @Test
    void nothingMayFollowTheEnd() {
        SaslExchange exchange = begin(UserCredentials.of("user", "pencil"));
        exchange.respond(null).join();
        String serverFirst = "r=" + NONCE + "more,s=" + SALT + ",i=4096";
        exchange.respond(serverFirst.getBytes(UTF_8)).join();
        exchange.respond(serverFinal(ScramHash.SHA_256, "pencil", serverFirst)).join();

        assertThatThrownBy(() -> exchange.respond(new byte[0])).isInstanceOf(AuthenticationException.class);
    }

    @Test
    void separatorsInUserNamesAreEscaped() {
        assertThat(text(begin(UserCredentials.of("a=b,c", "pencil")).respond(null).join())).isEqualTo("n,,n=a=3Db=2Cc,r=" + NONCE);
    }

    @Test
    void userNamesArePrepared() {
        assertThat(text(begin(UserCredentials.of("I\u00ADX", "pencil")).respond(null).join())).startsWith("n,,n=IX,r=");
        assertThatThrownBy(() -> begin(UserCredentials.of("I\u0007X", "pencil")).respond(null).join()).hasMessageContaining("U+0007");
    }

    @Test
    void delegationTokensSayThatTheyAre() {
        assertThat(text(begin(UserCredentials.delegationToken("id", "aG1hYw==")).respond(null).join())).isEqualTo("n,,n=id,r=" + NONCE + ",tokenauth=true");
    }

    @Test
    void keysAreDerivedOnceForTheSameSaltAndOffTheLoop() {
        ScramMechanism mechanism = mechanism(ScramHash.SHA_256, UserCredentials.of("user", "pencil"));

        for (String salt : new String[] {"QUJD", "QUJD", "QUJE"}) {
            SaslExchange exchange = mechanism.begin(context);
            exchange.respond(null).join();
            exchange.respond(("r=" + NONCE + "x,s=" + salt + ",i=4096").getBytes(UTF_8)).join();
        }

        assertThat(context.offloaded).isEqualTo(2);
    }
}
