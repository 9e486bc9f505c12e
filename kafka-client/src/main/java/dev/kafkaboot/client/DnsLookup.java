package dev.kafkaboot.client;

/** What the name service is asked for ({@code client.dns.lookup}). */
public enum DnsLookup {
    /** All addresses of a name, which are tried in turn (KIP-302, KIP-602). */
    USE_ALL_DNS_IPS,

    /**
     * The same, but a bootstrap server's name stands for the canonical names of all of its addresses (KIP-235): these are what certificates and Kerberos check.
     * For clusters that are found under an alias.
     */
    RESOLVE_CANONICAL_BOOTSTRAP_SERVERS_ONLY
}
