package dev.kafkaboot.client.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Internet addresses as texts and under names. Asks no name service. */
public final class Inet {

    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F]*:[0-9a-fA-F:.]*(%.*)?");

    private static final int NO_SCOPE = -1; // 0 would be shown as one

    private Inet() {}

    /** Whether a host is an address, so that looking it up asks no name service and does not block. */
    public static boolean isLiteral(String host) {
        return IPV4.matcher(host).matches() || IPV6.matcher(host).matches();
    }

    /** The address that a host is; null if it is a name, or an address of a network interface that there is not. */
    public static @Nullable InetAddress literal(String host) {
        if (!isLiteral(host)) {
            return null;
        }
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException malformed) {
            return null;
        }
    }

    /** The same address under another name. */
    public static InetAddress named(String host, InetAddress address) {
        try {
            if (address instanceof Inet6Address scoped && scoped.getScopedInterface() != null) {
                return Inet6Address.getByAddress(host, scoped.getAddress(), scoped.getScopedInterface());
            }
            return address instanceof Inet6Address scoped
                    ? Inet6Address.getByAddress(host, scoped.getAddress(), scoped.getScopeId() > 0 ? scoped.getScopeId() : NO_SCOPE)
                    : InetAddress.getByAddress(host, address.getAddress());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("An address has another length than addresses have: " + address, impossible);
        }
    }
}
