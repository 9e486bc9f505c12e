package dev.kafkaboot.client.net.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.net.TransportFactory;
import dev.kafkaboot.client.proxy.ProxyCredentials;
import dev.kafkaboot.client.proxy.ProxyProtocol;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyUrlTest {

    private static final Map<String, ProxyProtocol> PROTOCOLS = new TreeMap<>(Map.of(
            "socks5", Socks5.CLIENT_RESOLVES, "socks5h", Socks5.PROXY_RESOLVES, "http", HttpConnect.PLAIN, "https", HttpConnect.OVER_TLS));

    @ParameterizedTest
    @CsvSource({
        "socks5://p:1081, p, 1081",
        "socks5://p, p, 1080",
        "socks5h://p/, p, 1080",
        "http://p, p, 1080",
        "http://p:3128/, p, 3128",
        "https://p, p, 443",
        "socks5://[::1], ::1, 1080",
        "socks5://[fe80::1%eth0]:7, fe80::1%eth0, 7",
        "socks5://u:p@[::1]:7, ::1, 7",
    })
    void hostAndPortAreRead(String text, String host, int port) {
        ProxyUrl url = ProxyUrl.parse(text, PROTOCOLS);

        assertThat(url.host()).isEqualTo(host);
        assertThat(url.port()).isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource({
        "u:p, u, p",
        "u, u, ''",
        "u:, u, ''",
        "us%40er:p%3Ass%25w%2Frd, us@er, p:ss%w/rd",
        "%C3%BC:%e2%82%ac, ü, €",
        "u:p@ss/w?rd#, u, p@ss/w?rd#",
        "u:a:b, u, a:b",
        "u:a+b, u, a+b",
    })
    void userAndPasswordAreDecoded(String given, String user, String password) {
        ProxyUrl url = ProxyUrl.parse("socks5://" + given + "@p:1", PROTOCOLS);

        assertThat(url.credentials()).isEqualTo(new ProxyCredentials(user, Secret.of(password)));
        assertThat(url).hasToString("socks5://p:1");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
        "p:1080, p:1080, it must be scheme://host:port",
        "hidden:secret@p:1080, ****@p:1080, it must be scheme://host:port",
        "socks4://u:secret@p:1080, socks4://****@p:1080, \"the scheme must be one of [http, https, socks5, socks5h]\"",
        "socks5://, socks5://, the proxy's host is missing",
        "socks5://u:secret@, socks5://****@, the proxy's host is missing",
        "socks5://u:secret@p:, socks5://****@p:, it must be host:port",
        "socks5://u:secret@p:x, socks5://****@p:x, it must be host:port",
        "socks5://p:0, socks5://p:0, the port must be from 1 to 65535",
        "socks5://::1:1080, socks5://::1:1080, it must be host:port",
        "socks5://p:1080/path, socks5://p:1080/path, nothing may follow",
        "socks5://u:secret%@p, socks5://****@p, percent-encoded",
        "socks5://u:secret%zz@p, socks5://****@p, percent-encoded",
        "socks5://u:secret%ff@p, socks5://****@p, percent-encoded",
        "socks5://:secret@p, socks5://****@p, SOCKS5 takes a user name of 1 to 255 bytes",
        "http://u%3A:secret@p, http://****@p, no user name with a colon",
    })
    void wrongUrlIsRefusedAtConstructionWithoutItsCredentials(String url, String shown, String reason) {
        ClientConfig config = ClientConfig.of(CommonConfig.KEYS, Map.of("proxy.url", url));

        assertThatThrownBy(() -> ProxyTransports.of(config, TransportFactory.PLAIN))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("proxy.url=" + shown + ": ")
                .hasMessageContaining(reason)
                .message().doesNotContain("secret", "hidden");
    }

    @Test
    void withoutAUrlTheWayIsDirect() {
        ClientConfig config = ClientConfig.of(CommonConfig.KEYS, Map.of("proxy.bypass", "10.0.0.0/8"));

        assertThat(ProxyTransports.of(config, TransportFactory.PLAIN)).isSameAs(TransportFactory.PLAIN);
    }

    @Test
    void urlIsNotShownByTheConfiguration() {
        ClientConfig config = ClientConfig.of(CommonConfig.KEYS, Map.of("proxy.url", "socks5://u:secret@p"));

        assertThat(config.toString()).doesNotContain("secret");
    }

    @Test
    void urlUnderAMistypedKeyIsNotShownEither() {
        assertThatThrownBy(() -> ClientConfig.of(CommonConfig.KEYS, Map.of("proxy.ulr", "socks5://u:sec@ret@p:1080")))
                .hasMessage("Wrong configuration: proxy.ulr=****: this key is not known; did you mean 'proxy.url'?");
        assertThatThrownBy(() -> ClientConfig.of(CommonConfig.KEYS, Map.of("clent.id", "socks5://u:sec@ret@p:1080")))
                .hasMessageContaining("clent.id=socks5://****@p:1080: this key is not known");
    }

    @ParameterizedTest
    @ValueSource(strings = {"address.map=b1:9092=gate:7", "proxy.bypass=.example"})
    void canonicalNamesAreRefusedBesideWhatGoesByConfiguredNames(String setting) {
        int end = setting.indexOf('=');
        ClientConfig config = ClientConfig.of(CommonConfig.KEYS, Map.of("proxy.url", "socks5://p", setting.substring(0, end), setting.substring(end + 1),
                "client.dns.lookup", "resolve_canonical_bootstrap_servers_only"));

        assertThatThrownBy(() -> ProxyTransports.of(config, TransportFactory.PLAIN))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("it does not go together with " + setting.substring(0, end));
    }

    @Test
    void canonicalNamesAreRefusedWhereTheProxyLooksUpNames() {
        ClientConfig config = ClientConfig.of(CommonConfig.KEYS,
                Map.of("proxy.url", "socks5h://p", "client.dns.lookup", "resolve_canonical_bootstrap_servers_only"));

        assertThatThrownBy(() -> ProxyTransports.of(config, TransportFactory.PLAIN))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("client.dns.lookup=resolve_canonical_bootstrap_servers_only: a socks5h proxy looks up the names itself");
    }
}
