package dev.kafkaboot.client;

import java.time.Duration;
import java.util.List;
import javax.security.auth.Subject;

/** The configuration keys of GSSAPI, which is Kerberos. */
public final class KerberosConfig {

    /** The brokers' name. */
    public static final ConfigKey<String> SERVICE_NAME = ConfigKey.string(
            "sasl.kerberos.service.name", null, "First part of the brokers' principals: 'kafka' if they are kafka/host@REALM.");

    /** Who the client is. */
    public static final ConfigKey<String> PRINCIPAL = ConfigKey.string(
            "sasl.kerberos.principal", null, "Principal that the client logs in as; with a ticket cache it may be left out.");

    /** Where its key is. */
    public static final ConfigKey<String> KEYTAB = ConfigKey.string("sasl.kerberos.keytab", null, "Keytab file that holds the principal's key.");

    /** Where its ticket is. */
    public static final ConfigKey<String> TICKET_CACHE = ConfigKey.string(
            "sasl.kerberos.ticket.cache", null,
            "Ticket cache that somebody else renews, as kinit does: a file, or 'default' for the user's own. Read again when its ticket nears its end.");

    /** Who is logged in already. */
    public static final ConfigKey<Subject> SUBJECT = ConfigKey.object(
            "sasl.kerberos.subject", Subject.class, "Subject that the application has logged in itself and keeps logged in.");

    /** When the ticket is renewed. */
    public static final ConfigKey<Double> RENEW_WINDOW_FACTOR = LoginConfig.share(
            "sasl.kerberos.ticket.renew.window.factor", 0.8, 0, 1, "Share of a ticket's lifetime after which the client logs in again.");

    /** How far that is moved by chance. */
    public static final ConfigKey<Double> RENEW_JITTER = LoginConfig.share(
            "sasl.kerberos.ticket.renew.jitter", 0.05, 0, 1, "Most that is added to sasl.kerberos.ticket.renew.window.factor by chance.");

    /** How soon the client logs in again at the earliest. */
    public static final ConfigKey<Duration> MIN_TIME_BEFORE_RELOGIN = ConfigKey.millis(
            "sasl.kerberos.min.time.before.relogin", Duration.ofMinutes(1), Duration.ZERO,
            "Shortest time between logins, unless a ticket does not live so long.");

    /** Every key, in the order of the reference. */
    public static final List<ConfigKey<?>> KEYS = List.of(
            SERVICE_NAME, PRINCIPAL, KEYTAB, TICKET_CACHE, SUBJECT, RENEW_WINDOW_FACTOR, RENEW_JITTER, MIN_TIME_BEFORE_RELOGIN);

    private KerberosConfig() {}
}
