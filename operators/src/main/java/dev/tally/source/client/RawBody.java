package dev.tally.source.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.reactivestreams.Publisher;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * The body of a successful answer, as it came: the SDK gets an empty one in its place, and makes no
 * objects of it. Everything else of a call stays the SDK's; errors and compressed answers too.
 *
 * <p>One for each call. Filled by a thread of the SDK, and read when the call has succeeded.
 */
final class RawBody {

    /** Does nothing to calls without a body of this class. */
    static final ExecutionInterceptor INTERCEPTOR = new Interceptor();

    private static final ExecutionAttribute<RawBody> OF_CALL =
            new ExecutionAttribute<>("tally.RawBody");

    /** Of the body; the SDK would look for it in the empty one, so that it is looked at here. */
    private static final String CHECKSUM = "x-amz-crc32";

    private static final int SIZE_MAX = 8 << 20;
    private static final int SIZE_UNKNOWN = 64 << 10;

    private String checksum;

    /** Null: left to the SDK. As long as the answer says that it is, or longer. */
    private byte[] bytes;

    private int length;

    /** Makes the call fill this one. */
    void of(AwsRequestOverrideConfiguration.Builder call) {
        call.putExecutionAttribute(OF_CALL, this);
    }

    /** Whether it was kept from the SDK. */
    boolean taken() {
        return bytes != null;
    }

    /**
     * The bytes that were taken.
     *
     * @throws AnswerException if they are not those that the service sent
     */
    byte[] bytes() throws AnswerException {
        byte[] body = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        if (checksum != null) {
            CRC32 crc = new CRC32();
            crc.update(body);
            if (crc.getValue() != Long.parseLong(checksum)) {
                throw new AnswerException(
                        "the checksum of its answer of " + body.length + " bytes is wrong");
            }
        }
        return body;
    }

    /** Each attempt begins anew. */
    private SdkHttpResponse begin(SdkHttpResponse response) {
        boolean plain = response.firstMatchingHeader("Content-Encoding").isEmpty();
        if (!response.isSuccessful() || !plain) {
            bytes = null;
            return response;
        }
        checksum = response.firstMatchingHeader(CHECKSUM).orElse(null);
        bytes = new byte[size(response)];
        length = 0;
        return response.toBuilder().removeHeader(CHECKSUM).build();
    }

    private static int size(SdkHttpResponse response) {
        return response.firstMatchingHeader("Content-Length")
                .map(length -> (int) Math.min(SIZE_MAX, Long.parseLong(length)))
                .orElse(SIZE_UNKNOWN);
    }

    private Publisher<ByteBuffer> empty(Publisher<ByteBuffer> body) {
        return SdkPublisher.adapt(body)
                .filter(this::take)
                .addTrailingData(
                        () -> List.of(ByteBuffer.wrap("{}".getBytes(StandardCharsets.US_ASCII))));
    }

    /** Takes it all, so that nothing is left for the SDK. */
    private boolean take(ByteBuffer part) {
        int more = part.remaining();
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
        part.get(bytes, length, more);
        length += more;
        return false;
    }

    private static final class Interceptor implements ExecutionInterceptor {

        @Override
        public SdkHttpResponse modifyHttpResponse(
                Context.ModifyHttpResponse context, ExecutionAttributes call) {
            RawBody body = call.getAttribute(OF_CALL);
            return body == null ? context.httpResponse() : body.begin(context.httpResponse());
        }

        @Override
        public Optional<Publisher<ByteBuffer>> modifyAsyncHttpResponseContent(
                Context.ModifyHttpResponse context, ExecutionAttributes call) {
            RawBody body = call.getAttribute(OF_CALL);
            return body == null || !body.taken()
                    ? context.responsePublisher()
                    : context.responsePublisher().map(body::empty);
        }
    }
}
