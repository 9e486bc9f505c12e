/** Tests of {@code dev.kafkaboot.client.cluster}. */
@NullMarked
package dev.kafkaboot.client.cluster;

import org.jspecify.annotations.NullMarked;
