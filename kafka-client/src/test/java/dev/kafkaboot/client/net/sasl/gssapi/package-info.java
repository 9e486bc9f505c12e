/** Tests of GSSAPI, against Apache Kerby's key distribution centre and a real broker. */
@NullMarked
package dev.kafkaboot.client.net.sasl.gssapi;

import org.jspecify.annotations.NullMarked;
