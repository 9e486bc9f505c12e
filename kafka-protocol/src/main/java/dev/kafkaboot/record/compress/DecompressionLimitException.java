package dev.kafkaboot.record.compress;

import java.io.IOException;

/** Compressed bytes would expand to more than is allowed. */
public class DecompressionLimitException extends IOException {

    private static final long serialVersionUID = 1L;

    DecompressionLimitException(long limit) {
        super("they expand to more than " + limit + " bytes, which is refused");
    }
}
