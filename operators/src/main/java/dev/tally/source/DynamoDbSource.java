package dev.tally.source;

import dev.tally.change.ItemChange;
import dev.tally.codec.CodecType;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.TableClients;
import dev.tally.source.client.Wanted;
import dev.tally.source.enumerator.DynamoDbEnumerator;
import dev.tally.source.enumerator.EnumeratorState;
import dev.tally.source.reader.Alarm;
import dev.tally.source.reader.DynamoDbReader;
import dev.tally.source.split.TableSplit;
import dev.tally.source.split.VersionedCodec;
import dev.tally.view.Progress;
import dev.tally.view.TableSpec;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.util.clock.SystemClock;

/**
 * The Flink source of one DynamoDB table: its scan and its stream, read at the same time.
 *
 * <p>Emits {@link ItemChange}s, those of one item from the stream in order and in one channel, and
 * {@code Watermark(g)} when generation g is ready; no other watermarks, so it is to be used with
 * {@code WatermarkStrategy.noWatermarks()}. It never ends. Checkpoints must be aligned: with
 * unaligned ones a lineage that moves at a restore could be overtaken by its own channel state.
 */
public final class DynamoDbSource
        implements Source<ItemChange, TableSplit, EnumeratorState>,
                ResultTypeQueryable<ItemChange> {

    private static final long serialVersionUID = 1L;

    private final TableSpec table;
    private final TableClients clients;
    private final SourceOptions options;
    private final TreeMap<String, String> views;
    private final Wanted wanted;
    private final long submission;
    private final Progress progress;

    /**
     * @param views what each view that is fed counts, by its name: one that is new or counts
     *     something else than in the state gets a new reading of the table
     * @param wanted the attributes of images that anybody behind the source reads
     * @param submission number of this start: restarts after failures have the same
     * @param progress told at each completed checkpoint; null for nobody
     */
    public DynamoDbSource(
            TableSpec table,
            TableClients clients,
            SourceOptions options,
            Map<String, String> views,
            Wanted wanted,
            long submission,
            Progress progress) {
        this.table = Objects.requireNonNull(table);
        this.clients = Objects.requireNonNull(clients);
        this.options = Objects.requireNonNull(options);
        this.views = new TreeMap<>(views);
        this.wanted = Objects.requireNonNull(wanted);
        this.submission = submission;
        this.progress = progress;
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public TypeInformation<ItemChange> getProducedType() {
        return CodecType.of(ItemChange.class);
    }

    @Override
    public SplitEnumerator<TableSplit, EnumeratorState> createEnumerator(
            SplitEnumeratorContext<TableSplit> context) {
        return restoreEnumerator(context, null);
    }

    @Override
    public SplitEnumerator<TableSplit, EnumeratorState> restoreEnumerator(
            SplitEnumeratorContext<TableSplit> context, EnumeratorState state) {
        return new DynamoDbEnumerator(
                context,
                table,
                clients,
                options,
                views,
                submission,
                progress,
                SystemClock.getInstance(),
                state);
    }

    @Override
    public SourceReader<ItemChange, TableSplit> createReader(SourceReaderContext context)
            throws ClientException {
        String name = "tally-alarm-" + table.logicalName() + "-" + context.getIndexOfSubtask();
        return new DynamoDbReader(
                context,
                table,
                clients.open(table, wanted),
                options,
                SystemClock.getInstance(),
                Alarm.threaded(name),
                new Random());
    }

    @Override
    public SimpleVersionedSerializer<TableSplit> getSplitSerializer() {
        return new VersionedCodec<>("split", TableSplit.CODEC);
    }

    @Override
    public SimpleVersionedSerializer<EnumeratorState> getEnumeratorCheckpointSerializer() {
        return new VersionedCodec<>("enumerator state", EnumeratorState.CODEC);
    }
}
