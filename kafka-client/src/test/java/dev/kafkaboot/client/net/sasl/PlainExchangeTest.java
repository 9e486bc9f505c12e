package dev.kafkaboot.client.net.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.net.sasl.fetch.SteppedContext;
import dev.kafkaboot.client.security.CredentialsSource;
import dev.kafkaboot.client.security.SaslExchange;
import dev.kafkaboot.client.security.UserCredentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlainExchangeTest {

    private static final String NONCE = "A".repeat(32);

    private final ScriptedContext context = new ScriptedContext(NONCE);

    private SaslExchange begin(String userName, String password) {
        return new PlainMechanism(Credentials.fixed(UserCredentials.of(userName, password))).begin(context);
    }

    @Test
    void sendsUserNameAndPasswordAsTheyAre() {
        SaslExchange exchange = begin("tim", "tanstaaftanstaaf");

        byte[] message = exchange.respond(null).join();

        assertThat(message).isEqualTo("\0tim\0tanstaaftanstaaf".getBytes(UTF_8)); // RFC 4616, 4, without the authzid
        assertThat(exchange.isComplete()).isFalse();
        assertThat(exchange.respond(new byte[0]).join()).isNull();
        assertThat(exchange.isComplete()).isTrue();
        assertThat(exchange.identity()).isEqualTo("tim");
    }

    @Test
    void encodesWhatIsNotAsciiAsUtf8() {
        assertThat(begin("j\u00FCrgen", "\u20AC=,").respond(null).join()).isEqualTo("\0j\u00FCrgen\0\u20AC=,".getBytes(UTF_8));
    }

    @Test
    void brokerHasNothingToSay() {
        SaslExchange exchange = begin("tim", "secret");
        exchange.respond(null).join();

        CompletableFuture<byte[]> answer = exchange.respond(new byte[] {1});

        assertThatThrownBy(answer::join).hasCauseInstanceOf(AuthenticationException.class);
        assertThat(exchange.isComplete()).isFalse();
    }

    @Test
    void nulCannotBeSentBecauseItSeparates() {
        assertThatThrownBy(() -> begin("tim", "sec\0ret").respond(null).join())
                .hasMessageContaining("NUL")
                .hasMessageNotContaining("sec\0ret");
    }

    @Test
    void sourceIsAskedAnewForEachAuthenticationAndOffTheLoop() {
        CredentialsSource rotating = new CredentialsSource() {
            private int asked;

            @Override
            public UserCredentials credentials() {
                return UserCredentials.of("tim", "secret-" + ++asked);
            }
        };
        PlainMechanism mechanism = new PlainMechanism(Credentials.from(rotating));

        String first = new String(mechanism.begin(context).respond(null).join(), UTF_8);
        String second = new String(mechanism.begin(context).respond(null).join(), UTF_8);

        assertThat(first).endsWith("secret-1");
        assertThat(second).endsWith("secret-2");
        assertThat(context.offloaded).isEqualTo(2);
    }

    @Test
    void sourceThatHangsIsAskedOnceByAllWhoWaitAndTheyAreToldThatItIsTheSource() {
        SteppedContext stepped = SteppedContext.plain();
        AtomicInteger asked = new AtomicInteger();
        PlainMechanism mechanism = new PlainMechanism(Credentials.from(() -> UserCredentials.of("tim", "secret-" + asked.incrementAndGet())));
        List<CompletableFuture<byte @Nullable []>> waiting = new ArrayList<>();

        for (int i = 0; i < 30; i++) {
            waiting.add(mechanism.begin(stepped).respond(null));
        }
        stepped.holdBack();
        stepped.endPatience(Duration.ofMillis(7_500));
        stepped.runOffloaded();

        assertThat(asked).hasValue(0);
        assertThat(waiting).allSatisfy(each -> assertThatThrownBy(each::join).cause()
                .isNotInstanceOf(AuthenticationException.class)
                .hasMessage("The password was not there within 7.5 s, as the source of credentials (sasl.credentials) has not answered yet"));
        stepped.advanceMillis(120_000);
        CompletableFuture<byte @Nullable []> next = mechanism.begin(stepped).respond(null);
        stepped.runOffloaded();
        assertThat(next).isCompletedWithValueMatching(message -> new String(message, UTF_8).endsWith("secret-1"));
    }

    @Test
    void sourceThatFailsIsNotTakenForWrongCredentials() {
        PlainMechanism mechanism = new PlainMechanism(Credentials.from(() -> {
            throw new java.io.IOException("vault is sealed");
        }));

        assertThatThrownBy(() -> mechanism.begin(context).respond(null).join())
                .cause()
                .isNotInstanceOf(AuthenticationException.class)
                .hasMessageContaining("sasl.credentials")
                .hasMessageContaining("vault is sealed");
    }
}
