package dev.tally.bench.kafka;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Kafka's form of a type that writes and reads itself. */
final class BytesOf {

    private BytesOf() {}

    interface Writing<T> {
        void write(T value, DataOutput out) throws IOException;
    }

    interface Reading<T> {
        T read(DataInput in) throws IOException;
    }

    static <T> Serde<T> type(Writing<T> writing, Reading<T> reading) {
        return Serdes.serdeFrom(
                (topic, value) -> value == null ? null : bytes(writing, value),
                (topic, bytes) -> bytes == null ? null : value(reading, bytes));
    }

    private static <T> byte[] bytes(Writing<T> writing, T value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try {
            writing.write(value, new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static <T> T value(Reading<T> reading, byte[] bytes) {
        try {
            return reading.read(new DataInputStream(new ByteArrayInputStream(bytes)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
