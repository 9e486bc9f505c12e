/** Groups made of members of this client and of Apache's, on real brokers. Start reading at {@code MixedGroupTest}. */
@NullMarked
package dev.kafkaboot.client.mixed;

import org.jspecify.annotations.NullMarked;
