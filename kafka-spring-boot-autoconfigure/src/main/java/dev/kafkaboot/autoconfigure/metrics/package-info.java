/**
 * Meters of the clients and the listeners, by Micrometer.
 *
 * <p>The clients know nothing of Micrometer: what is here hangs on their listener interfaces. Nothing is measured per record.
 */
@NullMarked
package dev.kafkaboot.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
