/** Tests of the meters, and that the documentation names each of them. */
@NullMarked
package dev.kafkaboot.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
