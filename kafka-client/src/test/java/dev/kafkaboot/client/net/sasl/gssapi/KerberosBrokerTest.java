package dev.kafkaboot.client.net.sasl.gssapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.net.sasl.fetch.Moment;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.test.RealKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kerby.kerberos.kerb.ccache.CredentialCache;
import org.apache.kerby.kerberos.kerb.server.SimpleKdcServer;
import org.apache.kerby.kerberos.kerb.type.KerberosTime;
import org.apache.kerby.kerberos.kerb.type.ticket.TgtTicket;
import org.apache.kerby.util.NetworkUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against Apache's broker and Apache Kerby's key distribution centre. */
@Timeout(180)
class KerberosBrokerTest {

    private static final String ALICE = "alice@KAFKABOOT.TEST";
    private static final String BROKER = "kafka/127.0.0.1@KAFKABOOT.TEST";
    private static final String KRB5_CONF = "java.security.krb5.conf";

    @TempDir
    private static Path directory;

    private static @Nullable SimpleKdcServer kdc;
    private static @Nullable RealKafka kafka;
    private static @Nullable String formerConf;

    @BeforeAll
    static void start() throws Exception {
        formerConf = System.getProperty(KRB5_CONF);
        SimpleKdcServer server = new SimpleKdcServer();
        int port = NetworkUtil.getServerPort();
        server.setKdcRealm("KAFKABOOT.TEST");
        server.setKdcHost("127.0.0.1");
        server.setAllowUdp(false);
        server.setKdcTcpPort(port);
        server.setWorkDir(directory.toFile());
        server.init();
        server.start();
        kdc = server;
        server.createPrincipal(ALICE, "s3cret");
        server.exportPrincipal(ALICE, directory.resolve("alice.keytab").toFile());
        server.createPrincipal(BROKER, "br0ker");
        server.exportPrincipal(BROKER, directory.resolve("broker.keytab").toFile());
        Path conf = Files.writeString(directory.resolve("client.conf"), """
                [libdefaults]
                  default_realm = KAFKABOOT.TEST
                  udp_preference_limit = 1
                  dns_lookup_kdc = false
                  dns_lookup_realm = false
                [realms]
                  KAFKABOOT.TEST = {
                    kdc = 127.0.0.1:%d
                  }
                """.formatted(port));
        System.setProperty(KRB5_CONF, conf.toString());
        kafka = RealKafka.builder()
                .jvmArgument("-D" + KRB5_CONF + "=" + conf)
                .listener("KERBEROS", "SASL_PLAINTEXT", Map.of(
                        "sasl.enabled.mechanisms", "GSSAPI",
                        "gssapi.sasl.kerberos.service.name", "kafka",
                        "gssapi.sasl.jaas.config", "com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true storeKey=true keyTab=\""
                                + directory.resolve("broker.keytab") + "\" principal=\"" + BROKER + "\" serviceName=\"kafka\";"))
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (kafka != null) {
            kafka.close();
        }
        if (kdc != null) {
            kdc.stop();
        }
        if (formerConf == null) {
            System.clearProperty(KRB5_CONF);
        } else {
            System.setProperty(KRB5_CONF, formerConf);
        }
    }

    private static String clusterSeen(Map<String, ?> further) throws Exception {
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", Objects.requireNonNull(kafka).bootstrapServers("KERBEROS"),
                "security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "GSSAPI"));
        config.putAll(further);
        try (ConnectionManager net = ConnectionManager.create(ClientConfig.of(CommonConfig.KEYS, config))) {
            return String.valueOf(net.send(new MetadataRequest()).get(60, TimeUnit.SECONDS).clusterId());
        }
    }

    private static String jaas(String keytab, String principal) {
        return "com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true refreshKrb5Config=true keyTab=\"" + directory.resolve(keytab)
                + "\" principal=\"" + principal + "\" serviceName=\"kafka\";";
    }

    @Test
    void clientLogsInByTheKeytabOfItsJaasOptions() throws Exception {
        assertThat(clusterSeen(Map.of("sasl.jaas.config", jaas("alice.keytab", ALICE)))).isEqualTo(Objects.requireNonNull(kafka).clusterId());
    }

    /** What kinit leaves: alice's ticket, good until then. */
    private static Path cache(String name, Instant end) throws Exception {
        TgtTicket ticket = Objects.requireNonNull(kdc).getKrbClient().requestTgt(ALICE, "s3cret");
        ticket.getEncKdcRepPart().setEndTime(new KerberosTime(end.toEpochMilli()));
        Path file = directory.resolve(name);
        new CredentialCache(ticket).store(file.toFile());
        return file;
    }

    @Test
    void clientLogsInByATicketCache() throws Exception {
        Path cache = cache("alice.cache", Instant.now().plus(1, ChronoUnit.HOURS));

        assertThat(clusterSeen(Map.of("sasl.kerberos.ticket.cache", cache.toString(), "sasl.kerberos.service.name", "kafka")))
                .isEqualTo(Objects.requireNonNull(kafka).clusterId());
        assertThat(clusterSeen(Map.of("sasl.jaas.config", "com.sun.security.auth.module.Krb5LoginModule required useTicketCache=true ticketCache=\"" + cache
                + "\" serviceName=\"kafka\";"))).isEqualTo(Objects.requireNonNull(kafka).clusterId());
    }

    @Test
    void cacheWithoutATicketThatIsValidIsTold() throws Exception {
        Path expired = cache("expired.cache", Instant.now().minus(1, ChronoUnit.HOURS));
        Path missing = directory.resolve("missing.cache");

        assertThatThrownBy(() -> byCache(expired.toString())).isInstanceOf(CredentialsUnavailableException.class)
                .hasMessageStartingWith("Could not log in to Kerberos by the ticket cache " + expired + ": there is no ticket in it that is still valid; kinit makes one (");
        assertThatThrownBy(() -> byCache("FILE:" + missing)).isInstanceOf(CredentialsUnavailableException.class)
                .hasMessageStartingWith("Could not log in to Kerberos by the ticket cache FILE:" + missing + ": there is no such file; kinit makes it (");
    }

    @Test
    void ticketThatSomebodyElseRenewedIsTakenUp() throws Exception {
        Path cache = cache("renewed.cache", Instant.now().minus(1, ChronoUnit.HOURS));
        assertThatThrownBy(() -> byCache(cache.toString())).isInstanceOf(CredentialsUnavailableException.class);

        Instant end = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
        Files.move(cache("new.cache", end), cache, StandardCopyOption.REPLACE_EXISTING);

        assertThat(byCache(cache.toString()).expiry()).isEqualTo(end);
    }

    private static Login byCache(String cache) {
        return new KerberosLogin(Map.of("useTicketCache", "true", "ticketCache", cache, "doNotPrompt", "true", "refreshKrb5Config", "true"))
                .fetch(new Moment(0, "unique"));
    }

    @Test
    void applicationsOwnSubjectIsUsed() throws Exception {
        Login login = new KerberosLogin(Map.of("useKeyTab", "true", "keyTab", directory.resolve("alice.keytab").toString(), "principal", ALICE,
                "doNotPrompt", "true", "refreshKrb5Config", "true")).fetch(new Moment(0, "unique"));

        assertThat(login.principal()).isEqualTo(ALICE);
        assertThat(login.expiry()).isAfter(Instant.now());
        assertThat(clusterSeen(Map.of("sasl.kerberos.subject", login.subject(), "sasl.kerberos.service.name", "kafka")))
                .isEqualTo(Objects.requireNonNull(kafka).clusterId());
    }

    @Test
    void keytabOfAnotherPrincipalFailsAtOnce() {
        assertThatThrownBy(() -> clusterSeen(Map.of("sasl.jaas.config", jaas("broker.keytab", ALICE))))
                .hasStackTraceContaining(AuthenticationException.class.getName())
                .hasStackTraceContaining("Could not log in to Kerberos by the keytab");
    }

    @Test
    void serviceThatTheRealmDoesNotKnowIsNamed() {
        assertThatThrownBy(() -> clusterSeen(Map.of("sasl.jaas.config", jaas("alice.keytab", ALICE), "sasl.kerberos.service.name", "nobody")))
                .hasStackTraceContaining(AuthenticationException.class.getName())
                .hasStackTraceContaining("Kerberos failed for the service nobody/127.0.0.1");
    }
}
