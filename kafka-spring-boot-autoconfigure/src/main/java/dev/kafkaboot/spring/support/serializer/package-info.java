/** Serializers that know of listeners: JSON whose type is told by a header, and read without loading a class by a name from a record. */
@NullMarked
package dev.kafkaboot.spring.support.serializer;

import org.jspecify.annotations.NullMarked;
