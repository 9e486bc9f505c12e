package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.OffsetSpec;
import dev.kafkaboot.client.net.Times;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where to read from when there is no committed offset, or the position is outside of what the partition holds ({@code auto.offset.reset}). Immutable; compare
 * with {@code equals}.
 */
public final class OffsetResetPolicy {

    /** From the first record there is. */
    public static final OffsetResetPolicy EARLIEST = new OffsetResetPolicy("earliest", null);

    /** From the next record that is written. */
    public static final OffsetResetPolicy LATEST = new OffsetResetPolicy("latest", null);

    /** Nowhere: the application is told. */
    public static final OffsetResetPolicy NONE = new OffsetResetPolicy("none", null);

    private static final String BY_DURATION = "by_duration:";

    private final String text;
    private final @Nullable Duration age;

    private OffsetResetPolicy(String text, @Nullable Duration age) {
        this.text = text;
        this.age = age;
    }

    /**
     * From the first record whose timestamp is so old or younger when the offset is looked for; from the next that is written, if there is none (KIP-1106).
     *
     * @throws IllegalArgumentException if the duration is negative
     */
    public static OffsetResetPolicy byDuration(Duration age) {
        if (age.isNegative()) {
            throw new IllegalArgumentException("An age cannot be negative: " + age);
        }
        return new OffsetResetPolicy(BY_DURATION + age, age);
    }

    /**
     * The policy of a text: {@code earliest}, {@code latest}, {@code none}, or {@code by_duration:} and a duration as ISO 8601 has it, {@code PT1H} for one.
     *
     * @return null if it is none of these
     */
    static @Nullable OffsetResetPolicy named(String text) {
        String name = text.strip().toLowerCase(Locale.ROOT);
        if (name.startsWith(BY_DURATION)) {
            try {
                return byDuration(Duration.parse(name.substring(BY_DURATION.length())));
            } catch (DateTimeException | IllegalArgumentException notADuration) {
                return null;
            }
        }
        return switch (name) {
            case "earliest" -> EARLIEST;
            case "latest" -> LATEST;
            case "none" -> NONE;
            default -> null;
        };
    }

    /** What is asked for, or null if nothing is. */
    @Nullable OffsetSpec spec(long nowMillis) {
        Duration back = age;
        if (back != null) {
            return OffsetSpec.forTimestamp(Math.max(0, nowMillis - Times.nanos(back) / 1_000_000));
        }
        return this == EARLIEST ? OffsetSpec.earliest() : this == LATEST ? OffsetSpec.latest() : null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OffsetResetPolicy policy && policy.text.equals(text) && Objects.equals(policy.age, age);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The form of the configuration. */
    @Override
    public String toString() {
        return text;
    }
}
