/** Tests of the fake cluster, which drive it as a client's bytes would. */
@NullMarked
package dev.kafkaboot.test.fake;

import org.jspecify.annotations.NullMarked;
