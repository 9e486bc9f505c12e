/** Tests of the codecs, with Apache's on the other side. */
@NullMarked
package dev.kafkaboot.record.compress;

import org.jspecify.annotations.NullMarked;
