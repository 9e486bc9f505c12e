/** Tests of {@code dev.kafkaboot.client.net}. */
@NullMarked
package dev.kafkaboot.client.net;

import org.jspecify.annotations.NullMarked;
