/** What tests of interleavings have in common; each lies in the package of what it tests, and is named after it with {@code Interleavings}. */
@NullMarked
package dev.kafkaboot.client.interleaving;

import org.jspecify.annotations.NullMarked;
