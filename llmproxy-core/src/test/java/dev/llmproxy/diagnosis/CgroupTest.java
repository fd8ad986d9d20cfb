package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupTest {
    @TempDir
    Path folder;

    private Path write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    private Cgroup cgroup(String membership) throws IOException {
        return Cgroup.in(write("membership", membership), folder.resolve("sys"));
    }

    @Test
    void readsVersionTwo() throws IOException {
        write("sys/a/b/cpu.max", "150000 100000\n");
        write("sys/a/b/cpu.stat", "usage_usec 5\nnr_periods 3\nnr_throttled 2\nthrottled_usec 250\n");
        write("sys/a/b/pids.max", "512\n");
        Cgroup cgroup = cgroup("0::/a/b\n");
        assertThat(cgroup.cpuQuota()).isEqualTo(1.5);
        assertThat(cgroup.throttledNanos()).isEqualTo(250_000);
        assertThat(cgroup.maxThreads()).isEqualTo(512);
    }

    @Test
    void readsVersionOne() throws IOException {
        write("sys/cpu/docker/x/cpu.cfs_quota_us", "50000\n");
        write("sys/cpu/docker/x/cpu.cfs_period_us", "100000\n");
        write("sys/cpu/docker/x/cpu.stat", "nr_periods 1\nnr_throttled 1\nthrottled_time 7000\n");
        write("sys/pids/docker/x/pids.max", "100\n");
        Cgroup cgroup = cgroup("5:pids:/docker/x\n4:cpu,cpuacct:/docker/x\n0::/\n");
        assertThat(cgroup.cpuQuota()).isEqualTo(0.5);
        assertThat(cgroup.throttledNanos()).isEqualTo(7_000);
        assertThat(cgroup.maxThreads()).isEqualTo(100);
    }

    @Test
    void inAContainerTheMountIsTheGroupItself() throws IOException {
        write("sys/cpu.max", "200000 100000\n");
        write("sys/cpu.stat", "throttled_usec 1\n");
        Cgroup cgroup = cgroup("0::/kubepods/pod7\n");
        assertThat(cgroup.cpuQuota()).isEqualTo(2);
        assertThat(cgroup.throttledNanos()).isEqualTo(1_000);
    }

    @Test
    void aQuotaFurtherUpHoldsForAllBelow() throws IOException {
        write("sys/slice/cpu.max", "100000 100000\n");
        write("sys/slice/cpu.stat", "throttled_usec 9\n");
        write("sys/slice/service/cpu.max", "max 100000\n");
        write("sys/slice/service/cpu.stat", "throttled_usec 0\n");
        Cgroup cgroup = cgroup("0::/slice/service\n");
        assertThat(cgroup.cpuQuota()).isEqualTo(1);
        assertThat(cgroup.throttledNanos()).isEqualTo(9_000);
    }

    @Test
    void aGroupWithoutAQuotaIsNeverHeldBack() throws IOException {
        write("sys/cpu.max", "max 100000\n");
        write("sys/cpu.stat", "throttled_usec 9\n");
        write("sys/pids.max", "max\n");
        Cgroup cgroup = cgroup("0::/\n");
        assertThat(cgroup.cpuQuota()).isNegative();
        assertThat(cgroup.throttledNanos()).isNegative();
        assertThat(cgroup.maxThreads()).isNegative();
    }

    @Test
    void whereThereAreNoFilesNothingIsKnown() {
        Cgroup cgroup = Cgroup.in(folder.resolve("missing"), folder.resolve("nothing"));
        assertThat(cgroup.cpuQuota()).isNegative();
        assertThat(cgroup.throttledNanos()).isNegative();
        assertThat(cgroup.maxThreads()).isNegative();
    }

    @Test
    void nonsenseInTheFilesIsUnknown() throws IOException {
        write("sys/cpu.max", "\n");
        write("sys/cpu.stat", "throttled_usec x\n");
        Cgroup cgroup = cgroup("nonsense\n::\n0::\n");
        assertThat(cgroup.cpuQuota()).isNegative();
        assertThat(cgroup.throttledNanos()).isNegative();
    }
}
