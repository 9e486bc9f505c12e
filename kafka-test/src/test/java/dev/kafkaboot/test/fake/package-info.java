/** Tests of the cluster that is nothing but state: requests in, answers out, on a clock that only the test moves. */
@NullMarked
package dev.kafkaboot.test.fake;

import org.jspecify.annotations.NullMarked;
