//! Public names of the standard modules that scripts can import, as `dir()` lists them in CPython 3.11. One that is not here yet is refused; any
//! other is no attribute there either.

/// Module, and its names.
const NAMES: &[(&str, &str)] = &[
    (
        "asyncio",
        "ALL_COMPLETED AbstractChildWatcher AbstractEventLoop AbstractEventLoopPolicy AbstractServer Barrier \
         BaseEventLoop BaseProtocol BaseTransport BoundedSemaphore BrokenBarrierError BufferedProtocol CancelledError \
         Condition DatagramProtocol DatagramTransport DefaultEventLoopPolicy Event FIRST_COMPLETED FIRST_EXCEPTION \
         FastChildWatcher Future Handle IncompleteReadError InvalidStateError LifoQueue LimitOverrunError Lock \
         MultiLoopChildWatcher PidfdChildWatcher PriorityQueue Protocol Queue QueueEmpty QueueFull ReadTransport Runner \
         SafeChildWatcher SelectorEventLoop Semaphore SendfileNotAvailableError Server StreamReader \
         StreamReaderProtocol StreamWriter SubprocessProtocol SubprocessTransport Task TaskGroup ThreadedChildWatcher \
         Timeout TimeoutError TimerHandle Transport WriteTransport all_tasks as_completed base_events base_futures \
         base_subprocess base_tasks constants coroutines create_subprocess_exec create_subprocess_shell create_task \
         current_task ensure_future events exceptions format_helpers futures gather get_child_watcher get_event_loop \
         get_event_loop_policy get_running_loop iscoroutine iscoroutinefunction isfuture locks log mixins \
         new_event_loop open_connection open_unix_connection protocols queues run run_coroutine_threadsafe runners \
         selector_events set_child_watcher set_event_loop set_event_loop_policy shield sleep sslproto staggered \
         start_server start_unix_server streams subprocess sys taskgroups tasks threads timeout timeout_at timeouts \
         to_thread transports trsock unix_events wait wait_for wrap_future",
    ),
    (
        "datetime",
        "MAXYEAR MINYEAR UTC date datetime datetime_CAPI sys time timedelta timezone tzinfo",
    ),
    (
        "decimal",
        "BasicContext Clamped Context ConversionSyntax Decimal DecimalException DecimalTuple DefaultContext \
         DivisionByZero DivisionImpossible DivisionUndefined ExtendedContext FloatOperation HAVE_CONTEXTVAR \
         HAVE_THREADS Inexact InvalidContext InvalidOperation MAX_EMAX MAX_PREC MIN_EMIN MIN_ETINY Overflow ROUND_05UP \
         ROUND_CEILING ROUND_DOWN ROUND_FLOOR ROUND_HALF_DOWN ROUND_HALF_EVEN ROUND_HALF_UP ROUND_UP Rounded Subnormal \
         Underflow getcontext localcontext setcontext",
    ),
    (
        "json",
        "JSONDecodeError JSONDecoder JSONEncoder codecs decoder detect_encoding dump dumps encoder load loads scanner",
    ),
    (
        "math",
        "acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist e erf erfc exp exp2 expm1 \
         fabs factorial floor fmod frexp fsum gamma gcd hypot inf isclose isfinite isinf isnan isqrt lcm ldexp lgamma \
         log log10 log1p log2 modf nan nextafter perm pi pow prod radians remainder sin sinh sqrt tan tanh tau trunc \
         ulp",
    ),
    (
        "typing",
        "ABCMeta AbstractSet Annotated Any AnyStr AsyncContextManager AsyncGenerator AsyncIterable AsyncIterator \
         Awaitable BinaryIO ByteString CT_co Callable ChainMap ClassVar Collection Concatenate Container ContextManager \
         Coroutine Counter DefaultDict Deque Dict EXCLUDED_ATTRIBUTES Final ForwardRef FrozenSet Generator Generic \
         GenericAlias Hashable IO ItemsView Iterable Iterator KT KeysView List Literal LiteralString Mapping \
         MappingView Match MethodDescriptorType MethodWrapperType MutableMapping MutableSequence MutableSet NamedTuple \
         NamedTupleMeta Never NewType NoReturn NotRequired Optional OrderedDict ParamSpec ParamSpecArgs ParamSpecKwargs \
         Pattern Protocol Required Reversible Self Sequence Set Sized SupportsAbs SupportsBytes SupportsComplex \
         SupportsFloat SupportsIndex SupportsInt SupportsRound T TYPE_CHECKING T_co T_contra Text TextIO Tuple Type \
         TypeAlias TypeGuard TypeVar TypeVarTuple TypedDict Union Unpack VT VT_co V_co ValuesView WrapperDescriptorType \
         abstractmethod assert_never assert_type cast clear_overloads collections contextlib dataclass_transform \
         defaultdict final functools get_args get_origin get_overloads get_type_hints io is_typeddict no_type_check \
         no_type_check_decorator operator overload re reveal_type runtime_checkable stdlib_re sys types warnings",
    ),
    (
        "uuid",
        "Enum NAMESPACE_DNS NAMESPACE_OID NAMESPACE_URL NAMESPACE_X500 RESERVED_FUTURE RESERVED_MICROSOFT RESERVED_NCS \
         RFC_4122 SafeUUID UUID bytes_ getnode int_ os platform sys uuid1 uuid3 uuid4 uuid5",
    ),
];

/// The names of a module; none of one that is not listed.
pub(super) fn names(module: &str) -> &'static str {
    NAMES.iter().find(|(name, _)| *name == module).map_or("", |(_, names)| names)
}
