async def story():
    roles = [await Role.objects.create(name=name) for name in ("cook", "guide", "guard")]
    for number in range(5):
        member = await Member.objects.create(name=f"member {number}")
        for role in roles[: number % 3 + 1]:
            await member.roles.add(role)
        [role.name for role in await member.roles.all()]
        await member.roles.count()
    cook = await Role.objects.filter(name="cook").first()
    [member.name for member in await cook.members.order_by("name").all()]
    await Member.objects.filter(roles__name="guard").count()
    for number in range(4):
        writer = await Writer.objects.create(name=f"writer {number}")
        for part in range(4):
            await Novel.objects.create(title=f"part {part}", writer=writer)
        [novel.title for novel in await writer.novels.all()]
        await writer.novels.filter(title__contains="1").exists()
    for novel in await Novel.objects.select_related("writer").order_by("title").limit(10).all():
        novel.writer.name
    [writer.name for writer in await Writer.objects.filter(novels__title="part 2").all()]
    for writer in await Writer.objects.prefetch_related("novels").all():
        len(writer.novels)
    await Novel.objects.filter(title="part 0").update(title="prologue")
    await Novel.objects.delete(each=True)
    await Writer.objects.delete(each=True)
    await Member.objects.delete(each=True)
    await Role.objects.delete(each=True)
