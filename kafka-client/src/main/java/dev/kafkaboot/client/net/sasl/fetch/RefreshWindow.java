package dev.kafkaboot.client.net.sasl.fetch;

import java.time.Duration;

/**
 * When credentials are renewed ahead of their expiry, as Kafka has it (KIP-255).
 *
 * @param factor the share of the lifetime after which they are renewed
 * @param jitter the most that is added to the factor by chance, so that many clients do not come at once
 * @param minPeriod they are kept for at least so long
 * @param buffer they are renewed at least so long ahead; neither this nor the former counts where the lifetime is shorter than both together
 */
public record RefreshWindow(double factor, double jitter, Duration minPeriod, Duration buffer) {

    /**
     * When to renew what begins and ends at these times.
     *
     * @param chance from 0 to 1
     */
    public long refreshAtMillis(long beginMillis, long expiryMillis, double chance) {
        long lifetime = Math.max(0, expiryMillis - beginMillis);
        long refresh = (long) (lifetime * Math.min(1, factor + jitter * chance));
        if (minPeriod.plus(buffer).toMillis() <= lifetime) {
            refresh = Math.max(minPeriod.toMillis(), Math.min(refresh, lifetime - buffer.toMillis()));
        }
        return beginMillis + refresh;
    }
}
