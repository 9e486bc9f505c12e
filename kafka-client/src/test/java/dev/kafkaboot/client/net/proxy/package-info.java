/** Tests of {@code dev.kafkaboot.client.net.proxy}. */
@NullMarked
package dev.kafkaboot.client.net.proxy;

import org.jspecify.annotations.NullMarked;
